-- The quality of data: what it is measured by, what figures read for it, what may be completed.
GRANT SELECT ON quality_limits
  TO ramsess_app, ramsess_door, ramsess_report, ramsess_funder, ramsess_guard;
GRANT SELECT, INSERT, UPDATE, DELETE ON quality_limits TO ramsess_batch;

-- When an act was recorded, and whether it came in a workbook: neither its name there nor whose.
GRANT SELECT (recorded_at) ON acts TO ramsess_report;
GRANT SELECT (sheet, record_id) ON exchange_keys TO ramsess_report;
CREATE POLICY report ON exchange_keys FOR SELECT TO ramsess_report USING (true);

-- What was not known when a parcours began, by those that take part in it.
GRANT UPDATE (entry_sector_code, entry_legal_form_code, entry_commune_code)
  ON parcours TO ramsess_app;
GRANT UPDATE (age, sex_code, situation_code, education_code, commune_code, rsa, qpv)
  ON parcours_beneficiaries TO ramsess_app;
CREATE POLICY app_changes ON parcours_beneficiaries FOR UPDATE TO ramsess_app
  USING (sight.takes_part(parcours_id));

-- What one was reminded of.
GRANT UPDATE (counted_on, to_complete) ON accounts TO ramsess_app;

-- Which row the pages may read, add, change, remove. A table that holds or leads to somebody's
-- data has row-level security, forced; what is not said here is refused.

-- Reference data: everybody reads.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ramsess_guard, ramsess_app, ramsess_door, ramsess_batch,
  ramsess_report, ramsess_funder;
GRANT SELECT ON phases, act_families, act_types, sexes, situations, educations, legal_forms, sectors,
  outcomes, schemes, modalities, funding_sources, roles, structures, structure_phases, memberships,
  communes, departments, epcis
  TO ramsess_app, ramsess_door, ramsess_report, ramsess_funder, ramsess_guard;
-- A commune outside the region is added when first named; references follow one another.
GRANT INSERT ON communes TO ramsess_app;
GRANT SELECT, INSERT, UPDATE ON parcours_numbers TO ramsess_app;

-- Commands: every row, no change of schema.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ramsess_batch;
REVOKE INSERT, UPDATE, DELETE ON alembic_version, audit_events FROM ramsess_batch;
REVOKE INSERT, DELETE ON audit_details FROM ramsess_batch;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ramsess_app, ramsess_door, ramsess_batch;

-- Figures: codes, dates, minutes. No name, note, title, contact, birth date or identifier of ours.
GRANT SELECT (id, done_on, type_code, scheme_code, modality_code, commune_code, parcours_id,
  anonymous_count) ON acts TO ramsess_report;
GRANT SELECT (act_id, adviser_id, structure_id, minutes) ON act_advisers TO ramsess_report;
GRANT SELECT (act_id, beneficiary_id) ON act_beneficiaries, attendances TO ramsess_report;
GRANT SELECT (act_id) ON group_sessions TO ramsess_report;
GRANT SELECT (act_id, structure_id, anonymous_count) ON session_hosts TO ramsess_report;
GRANT SELECT (id, lead_structure_id, entered_on, exited_on, entry_phase_code, entry_sector_code,
  entry_legal_form_code, entry_commune_code, outcome_code, jobs_created, jobs_consolidated)
  ON parcours TO ramsess_report;
GRANT SELECT (parcours_id, structure_id, joined_on, left_on) ON involvements TO ramsess_report;
GRANT SELECT (parcours_id, beneficiary_id, age, sex_code, situation_code, education_code,
  commune_code, rsa, qpv) ON parcours_beneficiaries TO ramsess_report;
GRANT SELECT (parcours_id, phase_code, reached_on) ON phase_changes TO ramsess_report;
GRANT SELECT (id, parcours_id, source_code, cents) ON fundings TO ramsess_report;

-- Accounts. Signed in, one's own; at the door, the one whose address or secret is given: who asks to
-- be let in is another role than who is in, so that nobody inside stands at somebody else's door.
-- Names, addresses, roles and whether an account is open are changed by commands alone.
GRANT SELECT ON accounts, grants, sign_ins, security_keys TO ramsess_app, ramsess_door;
GRANT UPDATE (password, fs_uniquifier, tf_primary_method, tf_totp_secret, totp_counter,
  mf_recovery_codes, fs_webauthn_user_handle) ON accounts TO ramsess_app, ramsess_door;
GRANT UPDATE (invitation_hash, invited_until) ON accounts TO ramsess_door;
CREATE POLICY app_reads ON accounts FOR SELECT TO ramsess_app
  USING (id = (SELECT sight.account()));
CREATE POLICY app_changes ON accounts FOR UPDATE TO ramsess_app
  USING (id = (SELECT sight.account()));
CREATE POLICY door_reads ON accounts FOR SELECT TO ramsess_door
  USING (id IN ((SELECT sight.account()), (SELECT sight.at_the_door())));
CREATE POLICY door_changes ON accounts FOR UPDATE TO ramsess_door
  USING (id = (SELECT sight.at_the_door()));
CREATE POLICY app_reads ON grants FOR SELECT TO ramsess_app
  USING (account_id = (SELECT sight.account()));
CREATE POLICY door_reads ON grants FOR SELECT TO ramsess_door
  USING (account_id IN ((SELECT sight.account()), (SELECT sight.at_the_door())));
-- A sign-in lasts what actions/sign_ins.py says, no more; it ends once and for all.
GRANT INSERT, UPDATE (seen_at, idle_until, revoked_at) ON sign_ins TO ramsess_app, ramsess_door;
CREATE POLICY app_reads ON sign_ins FOR SELECT TO ramsess_app
  USING (account_id = (SELECT sight.account()));
CREATE POLICY app_adds ON sign_ins FOR INSERT TO ramsess_app
  WITH CHECK (account_id = (SELECT sight.account()) AND expires_at <= now() + interval '10 hours'
    AND idle_until <= now() + interval '1 hour');
CREATE POLICY app_changes ON sign_ins FOR UPDATE TO ramsess_app
  USING (account_id = (SELECT sight.account()) AND revoked_at IS NULL)
  WITH CHECK (account_id = (SELECT sight.account()) AND idle_until <= now() + interval '1 hour');
CREATE POLICY door_reads ON sign_ins FOR SELECT TO ramsess_door
  USING (account_id = (SELECT sight.at_the_door()));
CREATE POLICY door_adds ON sign_ins FOR INSERT TO ramsess_door
  WITH CHECK (account_id = (SELECT sight.at_the_door())
    AND expires_at <= now() + interval '10 hours' AND idle_until <= now() + interval '1 hour');
CREATE POLICY door_changes ON sign_ins FOR UPDATE TO ramsess_door
  USING (account_id = (SELECT sight.at_the_door()) AND revoked_at IS NULL)
  WITH CHECK (account_id = (SELECT sight.at_the_door())
    AND idle_until <= now() + interval '1 hour');

GRANT INSERT, DELETE ON security_keys TO ramsess_app;
GRANT UPDATE (sign_count, lastuse_datetime, backup_state, device_type) ON security_keys
  TO ramsess_app, ramsess_door;
CREATE POLICY app_all ON security_keys FOR ALL TO ramsess_app
  USING (account_id = (SELECT sight.account()));
CREATE POLICY door_reads ON security_keys FOR SELECT TO ramsess_door
  USING (account_id = (SELECT sight.at_the_door()));
CREATE POLICY door_changes ON security_keys FOR UPDATE TO ramsess_door
  USING (account_id = (SELECT sight.at_the_door()));
-- Keyed hashes of who tries, and when: nobody's data.
GRANT SELECT, INSERT, DELETE ON attempts TO ramsess_app, ramsess_door;

-- Advisers: colleagues, for whom records acts; one's own record for everybody else.
GRANT SELECT ON advisers, assignments TO ramsess_app;
CREATE POLICY app_reads ON advisers FOR SELECT TO ramsess_app
  USING (account_id = (SELECT sight.account()) OR (SELECT sight.structures()) <> '{}');
CREATE POLICY app_reads ON assignments FOR SELECT TO ramsess_app
  USING ((SELECT sight.structures()) <> '{}'
    OR adviser_id IN (SELECT id FROM advisers WHERE account_id = (SELECT sight.account())));

-- People.
GRANT SELECT, INSERT, UPDATE (last_name, first_name, name_key, search_key, birth_date, sex_code,
  situation_code, education_code, commune_code, rsa, qpv, phone, email, version)
  ON beneficiaries TO ramsess_app;
CREATE POLICY app_reads ON beneficiaries FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_people v WHERE v.beneficiary_id = beneficiaries.id));
CREATE POLICY app_adds ON beneficiaries FOR INSERT TO ramsess_app
  WITH CHECK ((SELECT sight.structures()) <> '{}');
CREATE POLICY app_changes ON beneficiaries FOR UPDATE TO ramsess_app
  USING (nameless_since IS NULL AND sight.person(id));
GRANT SELECT, INSERT, UPDATE (informed_on, sharing_agreed) ON acquaintances TO ramsess_app;
CREATE POLICY app_reads ON acquaintances FOR SELECT TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_adds ON acquaintances FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[])
    AND (sight.newborn(beneficiary_id) OR sight.person(beneficiary_id)));
CREATE POLICY app_changes ON acquaintances FOR UPDATE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
GRANT SELECT ON exchange_keys TO ramsess_app;
CREATE POLICY app_reads ON exchange_keys FOR SELECT TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));

GRANT SELECT, INSERT ON erasure_requests TO ramsess_app;
CREATE POLICY app_reads ON erasure_requests FOR SELECT TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_adds ON erasure_requests FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[]) AND answer IS NULL
    AND account_id = (SELECT sight.account()) AND sight.person(person_id));

-- Identities put away: asked for with everything held on a person, shown by no policy.
GRANT SELECT ON identity_archives TO ramsess_app;

-- The journal is written by its own function alone, in one's own name; of a person, it is read by
-- who sees her.
GRANT SELECT ON audit_events, audit_details TO ramsess_app;
CREATE POLICY app_reads ON audit_details FOR SELECT TO ramsess_app
  USING (person_id IS NOT NULL AND EXISTS (SELECT FROM sight.my_people v WHERE v.beneficiary_id = audit_details.person_id));
CREATE POLICY app_reads ON audit_events FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM audit_details d WHERE d.event_id = id));
CREATE TRIGGER audit_sign BEFORE INSERT ON audit_details
  FOR EACH ROW EXECUTE FUNCTION sight.sign_the_journal();

-- Parcours: opened by their lead, changed by those that take part.
GRANT SELECT, INSERT, UPDATE (title, search_key, legal_form_code, sector_code, commune_code, siret,
  collective) ON projects TO ramsess_app;
CREATE POLICY app_reads ON projects FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_projects v WHERE v.project_id = projects.id));
CREATE POLICY app_adds ON projects FOR INSERT TO ramsess_app
  WITH CHECK ((SELECT sight.structures()) <> '{}');
CREATE POLICY app_changes ON projects FOR UPDATE TO ramsess_app USING (sight.project(id));
GRANT SELECT, INSERT, UPDATE (exited_on, outcome_code, jobs_created, jobs_consolidated, version)
  ON parcours TO ramsess_app;
CREATE POLICY app_reads ON parcours FOR SELECT TO ramsess_app
  USING (lead_structure_id = ANY ((SELECT sight.structures())::int[])
    OR EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = parcours.id));
CREATE POLICY app_adds ON parcours FOR INSERT TO ramsess_app
  WITH CHECK (lead_structure_id = ANY ((SELECT sight.structures())::int[])
    AND sight.new_project(project_id));
-- Who presents the code may hold the row, to join; not change it.
CREATE POLICY app_changes ON parcours FOR UPDATE TO ramsess_app
  USING (lead_structure_id = ANY ((SELECT sight.structures())::int[]) OR sight.parcours(id))
  WITH CHECK (sight.takes_part(id));
GRANT SELECT, INSERT ON parcours_beneficiaries TO ramsess_app;
CREATE POLICY app_reads ON parcours_beneficiaries FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = parcours_beneficiaries.parcours_id));
CREATE POLICY app_adds ON parcours_beneficiaries FOR INSERT TO ramsess_app
  WITH CHECK (sight.leads(parcours_id) AND sight.person(beneficiary_id));
GRANT SELECT, INSERT, UPDATE (left_on) ON involvements TO ramsess_app;
CREATE POLICY app_reads ON involvements FOR SELECT TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[])
    OR EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = involvements.parcours_id));
CREATE POLICY app_adds ON involvements FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[])
    AND (sight.led_by(parcours_id, structure_id) OR sight.invited(parcours_id)));
CREATE POLICY app_changes ON involvements FOR UPDATE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]) AND sight.takes_part(parcours_id))
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[]));
-- The code lets one structure in: whoever comes or goes, it is another.
CREATE TRIGGER new_join_code AFTER INSERT OR UPDATE OF left_on ON involvements
  FOR EACH ROW WHEN (session_user = 'ramsess_app') EXECUTE FUNCTION sight.renew_the_code();
GRANT SELECT, INSERT, DELETE ON phase_changes, fundings TO ramsess_app;
GRANT UPDATE (phase_code) ON phase_changes TO ramsess_app;
CREATE POLICY app_reads ON phase_changes FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = phase_changes.parcours_id));
CREATE POLICY app_adds ON phase_changes FOR INSERT TO ramsess_app
  WITH CHECK (sight.takes_part(parcours_id));
CREATE POLICY app_changes ON phase_changes FOR UPDATE TO ramsess_app
  USING (sight.takes_part(parcours_id));
CREATE POLICY app_removes ON phase_changes FOR DELETE TO ramsess_app
  USING (sight.takes_part(parcours_id));
CREATE POLICY app_reads ON fundings FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = fundings.parcours_id));
CREATE POLICY app_adds ON fundings FOR INSERT TO ramsess_app
  WITH CHECK (sight.takes_part(parcours_id));
CREATE POLICY app_removes ON fundings FOR DELETE TO ramsess_app
  USING (sight.takes_part(parcours_id));

-- Acts: seen by who recorded and who performed them, changed by who recorded them.
GRANT SELECT, INSERT, DELETE ON acts, act_advisers, act_beneficiaries, group_sessions,
  session_hosts TO ramsess_app;
GRANT UPDATE (done_on, type_code, structure_id, parcours_id, scheme_code, modality_code,
  commune_code, anonymous_count, note, version) ON acts TO ramsess_app;
GRANT UPDATE (age) ON act_beneficiaries TO ramsess_app;
GRANT UPDATE (title, minutes) ON group_sessions TO ramsess_app;
GRANT UPDATE (anonymous_count, version) ON session_hosts TO ramsess_app;
CREATE POLICY app_reads ON acts FOR SELECT TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[])
    OR EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = acts.id));
CREATE POLICY app_adds ON acts FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[])
    AND (parcours_id IS NULL OR sight.takes_part(parcours_id)));
CREATE POLICY app_changes ON acts FOR UPDATE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]))
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[])
    AND (parcours_id IS NULL OR sight.took_part(parcours_id, structure_id, done_on)));
-- What another host noted does not go with the session.
CREATE POLICY app_removes ON acts FOR DELETE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[])
    AND NOT sight.noted_by_others(id));
CREATE POLICY app_reads ON act_advisers FOR SELECT TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[])
    OR EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = act_advisers.act_id));
CREATE POLICY app_adds ON act_advisers FOR INSERT TO ramsess_app
  WITH CHECK (sight.records(act_id));
CREATE POLICY app_removes ON act_advisers FOR DELETE TO ramsess_app
  USING (sight.records(act_id));
CREATE POLICY app_reads ON act_beneficiaries FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = act_beneficiaries.act_id));
CREATE POLICY app_adds ON act_beneficiaries FOR INSERT TO ramsess_app
  WITH CHECK (sight.records(act_id) AND sight.person(beneficiary_id));
CREATE POLICY app_changes ON act_beneficiaries FOR UPDATE TO ramsess_app
  USING (sight.records(act_id));
CREATE POLICY app_removes ON act_beneficiaries FOR DELETE TO ramsess_app
  USING (sight.records(act_id));
CREATE POLICY app_reads ON group_sessions FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = group_sessions.act_id));
-- The reference under which workbooks hand in one session is the workbooks' alone.
CREATE POLICY app_adds ON group_sessions FOR INSERT TO ramsess_app
  WITH CHECK (sight.records(act_id) AND reference IS NULL);
CREATE POLICY app_changes ON group_sessions FOR UPDATE TO ramsess_app
  USING (sight.records(act_id));
CREATE POLICY app_removes ON group_sessions FOR DELETE TO ramsess_app
  USING (sight.records(act_id) AND NOT sight.noted_by_others(act_id));
-- A host notes its own people and heads; the structure that recorded the session names the hosts.
CREATE POLICY app_reads ON session_hosts FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = session_hosts.act_id));
CREATE POLICY app_adds ON session_hosts FOR INSERT TO ramsess_app
  WITH CHECK (sight.records(act_id));
CREATE POLICY app_changes ON session_hosts FOR UPDATE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_removes ON session_hosts FOR DELETE TO ramsess_app
  USING (sight.records(act_id) AND NOT sight.noted_by(act_id, structure_id));
GRANT SELECT, INSERT, DELETE ON attendances TO ramsess_app;
CREATE POLICY app_all ON attendances FOR ALL TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]))
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[])
    AND sight.person(beneficiary_id));

-- Forced everywhere; the guard reads to decide, commands see all, reports read their columns.
DO $$
DECLARE
  item text;
BEGIN
  FOREACH item IN ARRAY ARRAY['accounts', 'grants', 'sign_ins', 'security_keys',
    'audit_events', 'audit_details', 'erasure_requests', 'identity_archives', 'advisers', 'assignments',
    'beneficiaries', 'acquaintances', 'exchange_keys', 'projects', 'parcours',
    'parcours_beneficiaries', 'involvements', 'phase_changes', 'fundings', 'acts', 'act_advisers',
    'act_beneficiaries', 'group_sessions', 'session_hosts', 'attendances']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', item);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', item);
    EXECUTE format('GRANT SELECT ON %I TO ramsess_guard', item);
    EXECUTE format('CREATE POLICY guard_reads ON %I FOR SELECT TO ramsess_guard USING (true)', item);
    EXECUTE format('CREATE POLICY batch ON %I FOR ALL TO ramsess_batch USING (true)', item);
  END LOOP;
  FOREACH item IN ARRAY ARRAY['acts', 'act_advisers', 'act_beneficiaries', 'attendances',
    'group_sessions', 'session_hosts', 'parcours', 'involvements', 'parcours_beneficiaries',
    'phase_changes', 'fundings']
  LOOP
    EXECUTE format('CREATE POLICY report ON %I FOR SELECT TO ramsess_report USING (true)', item);
  END LOOP;
END
$$;
GRANT UPDATE (join_code) ON parcours TO ramsess_guard;
CREATE POLICY guard_renews ON parcours FOR UPDATE TO ramsess_guard USING (true);
GRANT INSERT ON acquaintances TO ramsess_guard;
CREATE POLICY guard_adds ON acquaintances FOR INSERT TO ramsess_guard WITH CHECK (true);

-- The journal's function writes for everybody; it holds the rows that its links name.
GRANT INSERT ON audit_events, audit_details TO ramsess_guard;
CREATE POLICY guard_adds ON audit_events FOR INSERT TO ramsess_guard WITH CHECK (true);
CREATE POLICY guard_adds ON audit_details FOR INSERT TO ramsess_guard WITH CHECK (true);
GRANT UPDATE (id) ON accounts, structures, beneficiaries TO ramsess_guard;
CREATE POLICY guard_holds ON accounts FOR UPDATE TO ramsess_guard USING (true) WITH CHECK (false);
CREATE POLICY guard_holds ON beneficiaries FOR UPDATE TO ramsess_guard
  USING (true) WITH CHECK (false);
-- Before the function changes hands: afterwards its new owner alone could take a right away.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ramsess_guard, ramsess_batch;
GRANT EXECUTE ON FUNCTION audit_note_many(text[], int[], int[], int[], text[]) TO ramsess_app;
GRANT CREATE ON SCHEMA public TO ramsess_guard;
ALTER FUNCTION audit_note_many(text[], int[], int[], int[], text[]) SECURITY DEFINER;
ALTER FUNCTION audit_note_many(text[], int[], int[], int[], text[]) OWNER TO ramsess_guard;
REVOKE CREATE ON SCHEMA public FROM ramsess_guard;

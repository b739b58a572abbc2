-- Periods, who has handed in and the coordinator's comments name nobody.
GRANT SELECT ON periods TO ramsess_app, ramsess_guard, ramsess_report, ramsess_funder, ramsess_door;
GRANT SELECT, INSERT ON hand_ins TO ramsess_app;
GRANT INSERT, UPDATE (due_on, consolidated_on, version) ON periods TO ramsess_app;
GRANT SELECT, INSERT, UPDATE (text, version), DELETE ON table_comments TO ramsess_app;
GRANT SELECT ON table_comments TO ramsess_report;

DO $$ DECLARE item text; BEGIN
  FOREACH item IN ARRAY ARRAY['periods', 'hand_ins', 'table_comments'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO ramsess_batch', item);
  END LOOP;
END $$;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ramsess_app, ramsess_batch;

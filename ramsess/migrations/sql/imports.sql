-- Imports are made and moved on by who imports, for the whole network; they are read by who made
-- them, and by those whose structures, and no other, they are about.
GRANT SELECT ON imports TO ramsess_app;
CREATE POLICY app_reads ON imports FOR SELECT TO ramsess_app
  USING (account_id = (SELECT sight.account())
    OR (structures <> '{}' AND structures <@ (SELECT sight.structures())::int[]));

-- How its spreadsheets are read is a structure's own.
GRANT SELECT, INSERT, DELETE, UPDATE (sheet, headings, columns, codes) ON mappings TO ramsess_app;
CREATE POLICY app_all ON mappings FOR ALL TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));

DO $$ DECLARE item text; BEGIN
  FOREACH item IN ARRAY ARRAY['imports', 'mappings'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', item);
    EXECUTE format('CREATE POLICY batch ON %I FOR ALL TO ramsess_batch USING (true)', item);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO ramsess_batch', item);
  END LOOP;
END $$;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ramsess_app, ramsess_batch;

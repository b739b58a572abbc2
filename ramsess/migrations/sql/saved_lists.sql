-- What somebody keeps for herself is read, renamed and removed by herself alone.
ALTER TABLE saved_lists ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (name, filters, saved_at), DELETE ON saved_lists TO ramsess_app;
CREATE POLICY app_all ON saved_lists FOR ALL TO ramsess_app
  USING (account_id = (SELECT sight.account()));
CREATE POLICY batch ON saved_lists FOR ALL TO ramsess_batch USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_lists TO ramsess_batch;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ramsess_app, ramsess_batch;

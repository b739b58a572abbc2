-- A draft is its author's alone.
GRANT SELECT, INSERT, UPDATE (text, updated_at), DELETE ON drafts TO ramsess_app;
CREATE POLICY app_all ON drafts FOR ALL TO ramsess_app
  USING (account_id = (SELECT sight.account()));
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY batch ON drafts FOR ALL TO ramsess_batch USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO ramsess_batch;

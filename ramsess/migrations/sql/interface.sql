-- What a token is worth is decided by the guard.
ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON api_tokens TO ramsess_guard;
CREATE POLICY guard_reads ON api_tokens FOR SELECT TO ramsess_guard USING (true);
-- PART
-- The account of the living sign-in whose secret was given, or of the living token, as long as the
-- account holds the role that the token was made for; NULL for nobody. A token beside a sign-in
-- counts for nothing.
CREATE OR REPLACE FUNCTION sight.account() RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.id FROM public.sign_ins s JOIN public.accounts a ON a.id = s.account_id
  WHERE s.token_hash = sight.setting('sign_in') AND s.revoked_at IS NULL
    AND now() < s.expires_at AND now() < s.idle_until AND a.active
  UNION ALL
  SELECT a.id FROM public.api_tokens t JOIN public.accounts a ON a.id = t.account_id
  WHERE t.token_hash = sight.setting('token') AND sight.setting('sign_in') IS NULL
    AND t.revoked_at IS NULL AND now() < t.expires_at AND a.active
    AND EXISTS (
      SELECT FROM public.grants g
      WHERE g.account_id = a.id AND g.role_name = t.role_name
        AND (g.until IS NULL OR g.until >= sight.today()))
$$;

-- Whether the account acts in that role: by a token, in the token's alone.
CREATE FUNCTION sight.scope(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 200 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sight.setting('token') IS NULL OR EXISTS (
    SELECT FROM public.api_tokens t
    WHERE t.token_hash = sight.setting('token') AND t.role_name = wanted)
$$;

-- The account holds that role today, and acts in it.
CREATE OR REPLACE FUNCTION sight.holds(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sight.scope(wanted) AND EXISTS (
    SELECT FROM public.grants g
    WHERE g.account_id = (SELECT sight.account()) AND g.role_name = wanted
      AND (g.until IS NULL OR g.until >= sight.today()))
$$;

CREATE OR REPLACE FUNCTION sight.structures() RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(array_agg(t.id), '{}') FROM public.structures t
  WHERE session_user = 'ramsess_batch' OR t.id IN (
    SELECT g.structure_id FROM public.grants g
    JOIN public.memberships m ON m.structure_id = g.structure_id
    WHERE g.account_id = (SELECT sight.account()) AND g.role_name IN ('adviser', 'manager')
      AND sight.scope(g.role_name)
      AND (g.until IS NULL OR g.until >= sight.today())
      AND m.joined_on <= sight.today() AND (m.left_on IS NULL OR m.left_on >= sight.today()))
$$;

CREATE OR REPLACE FUNCTION sight.works() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$ SELECT sight.structures() <> '{}' OR sight.holds('coordinator') $$;
-- PART
-- Reference data: everybody reads.
GRANT SELECT ON dla_terms
  TO ramsess_app, ramsess_door, ramsess_report, ramsess_funder, ramsess_guard;
GRANT SELECT, INSERT, UPDATE, DELETE ON dla_terms, api_tokens TO ramsess_batch;
CREATE POLICY batch ON api_tokens FOR ALL TO ramsess_batch USING (true);

-- Tokens are one's own, made by who signed in for a role that she holds, never by another token;
-- they last a year at most and end once and for all.
GRANT SELECT, INSERT, UPDATE (used_at, revoked_at) ON api_tokens TO ramsess_app;
CREATE POLICY app_reads ON api_tokens FOR SELECT TO ramsess_app
  USING (account_id = (SELECT sight.account()));
CREATE POLICY app_adds ON api_tokens FOR INSERT TO ramsess_app
  WITH CHECK (account_id = (SELECT sight.account()) AND sight.setting('token') IS NULL
    AND expires_at <= now() + interval '366 days' AND revoked_at IS NULL
    AND sight.holds(role_name));
CREATE POLICY app_changes ON api_tokens FOR UPDATE TO ramsess_app
  USING (account_id = (SELECT sight.account()) AND revoked_at IS NULL)
  WITH CHECK (account_id = (SELECT sight.account()));
-- A password chosen by a mailed link ends them too.
GRANT SELECT, UPDATE (revoked_at) ON api_tokens TO ramsess_door;
CREATE POLICY door_reads ON api_tokens FOR SELECT TO ramsess_door
  USING (account_id = (SELECT sight.at_the_door()));
CREATE POLICY door_changes ON api_tokens FOR UPDATE TO ramsess_door
  USING (account_id = (SELECT sight.at_the_door()) AND revoked_at IS NULL)
  WITH CHECK (account_id = (SELECT sight.at_the_door()));

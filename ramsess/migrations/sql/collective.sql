-- What structures do together: messages, sessions prepared and signed for, meetings, shared posts.

-- Colleagues who may read a message about that parcours, that session, or (both NULL) nothing but
-- the network: told to who may read it herself.
CREATE FUNCTION sight.audience(about_parcours int, about_session int)
RETURNS TABLE (account int, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT DISTINCT a.id, a.name FROM public.accounts a
  JOIN public.grants g ON g.account_id = a.id
  WHERE a.active AND (g.until IS NULL OR g.until >= sight.today())
    AND (g.structure_id IS NULL OR EXISTS (
      SELECT FROM public.memberships m
      WHERE m.structure_id = g.structure_id
        AND m.joined_on <= sight.today() AND (m.left_on IS NULL OR m.left_on >= sight.today())))
    AND (
    (about_parcours IS NULL AND about_session IS NULL AND sight.works()
      AND g.role_name IN ('adviser', 'manager', 'coordinator'))
    OR (sight.takes_part(about_parcours) AND g.structure_id IN (
      SELECT i.structure_id FROM public.involvements i
      WHERE i.parcours_id = about_parcours AND i.joined_on <= sight.today()
        AND (i.left_on IS NULL OR i.left_on >= sight.today())))
    OR (sight.act(about_session) AND g.structure_id IN (
      SELECT c.structure_id FROM public.acts c WHERE c.id = about_session
      UNION SELECT s.structure_id FROM public.act_advisers s WHERE s.act_id = about_session)))
$$;

-- The names of those who work or worked in the network: their messages stay when they leave.
CREATE FUNCTION sight.colleagues() RETURNS TABLE (account int, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT DISTINCT a.id, a.name FROM public.accounts a
  JOIN public.grants g ON g.account_id = a.id
  WHERE g.role_name IN ('adviser', 'manager', 'coordinator') AND sight.works()
$$;

-- What is told of a meeting to the whole network, beside its record: never the act's note.
CREATE FUNCTION sight.network_meetings()
RETURNS TABLE (act_id int, public_id uuid, done_on date, type_code text, title text,
  recorded_by int, people text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.id, a.public_id, a.done_on, a.type_code, g.title, a.structure_id, (
    SELECT string_agg(trim(v.first_name || ' ' || v.last_name) || ' (' || t.name || ')', ', '
      ORDER BY s.position)
    FROM public.act_advisers s
    JOIN public.advisers v ON v.id = s.adviser_id
    JOIN public.structures t ON t.id = s.structure_id
    WHERE s.act_id = a.id)
  FROM public.meetings m
  JOIN public.acts a ON a.id = m.act_id
  JOIN public.group_sessions g ON g.act_id = m.act_id
  WHERE sight.works()
$$;

-- A mutualised post is the business of the managers of the structures that share it today.
CREATE FUNCTION sight.manages_post(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT session_user = 'ramsess_batch' OR EXISTS (
    SELECT FROM public.assignments s JOIN public.grants g ON g.structure_id = s.structure_id
    WHERE s.adviser_id = wanted AND g.account_id = (SELECT sight.account())
      AND g.role_name = 'manager' AND (g.until IS NULL OR g.until >= sight.today())
      AND s.structure_id = ANY ((SELECT sight.structures())::int[])
      AND (s.from_on IS NULL OR s.from_on <= sight.today())
      AND (s.to_on IS NULL OR s.to_on >= sight.today()))
$$;

-- The minutes recorded by the holder of a post so far, for each structure that shares it today.
CREATE FUNCTION sight.post_hours(wanted int, first date, last date)
RETURNS TABLE (structure int, minutes int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT s.structure_id, sum(s.minutes)::int FROM public.act_advisers s
  JOIN public.acts a ON a.id = s.act_id
  WHERE s.adviser_id = wanted AND a.done_on >= first AND a.done_on <= last
    AND a.done_on <= sight.today() AND sight.manages_post(wanted)
    AND s.structure_id IN (
      SELECT p.structure_id FROM public.assignments p
      WHERE p.adviser_id = wanted AND (p.from_on IS NULL OR p.from_on <= sight.today())
        AND (p.to_on IS NULL OR p.to_on >= sight.today()))
  GROUP BY s.structure_id
$$;
GRANT EXECUTE ON FUNCTION sight.audience(int, int), sight.colleagues(),
  sight.network_meetings(), sight.manages_post(int), sight.post_hours(int, date, date)
  TO ramsess_owner, ramsess_app, ramsess_batch;

-- Rows.
-- A message is read by who sees what it is about; written in one's own name; withdrawn, not edited.
GRANT SELECT, INSERT, UPDATE (text, withdrawn_at) ON messages TO ramsess_app;
CREATE POLICY app_reads ON messages FOR SELECT TO ramsess_app
  USING ((parcours_id IS NULL AND session_id IS NULL AND (SELECT sight.works()))
    OR EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = messages.parcours_id)
    OR EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = messages.session_id));
CREATE POLICY app_adds ON messages FOR INSERT TO ramsess_app
  WITH CHECK (account_id = (SELECT sight.account())
    AND (structure_id IS NULL OR structure_id = ANY ((SELECT sight.structures())::int[]))
    AND ((parcours_id IS NULL AND session_id IS NULL AND (SELECT sight.works()))
      OR sight.takes_part(parcours_id) OR sight.act(session_id)));
CREATE POLICY app_changes ON messages FOR UPDATE TO ramsess_app
  USING (account_id = (SELECT sight.account()))
  WITH CHECK (withdrawn_at IS NOT NULL);
-- Whom a message calls is read by who reads the message, and said by who writes it.
GRANT SELECT, INSERT ON message_mentions TO ramsess_app;
CREATE POLICY app_reads ON message_mentions FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM messages m WHERE m.id = message_id));
CREATE POLICY app_adds ON message_mentions FOR INSERT TO ramsess_app
  WITH CHECK (EXISTS (SELECT FROM messages m
    WHERE m.id = message_id AND m.account_id = (SELECT sight.account())));
GRANT SELECT, INSERT ON message_readings TO ramsess_app;
CREATE POLICY app_reads ON message_readings FOR SELECT TO ramsess_app
  USING (account_id = (SELECT sight.account()));
CREATE POLICY app_adds ON message_readings FOR INSERT TO ramsess_app
  WITH CHECK (account_id = (SELECT sight.account())
    AND EXISTS (SELECT FROM messages m WHERE m.id = message_id));

-- Whom a host expects and noted, slot by slot, and what was signed: its own, as attendance is.
GRANT SELECT, INSERT, DELETE ON enrolments, session_slots, slot_attendances, signed_sheets
  TO ramsess_app;
CREATE POLICY app_all ON enrolments FOR ALL TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]))
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[])
    AND sight.person(beneficiary_id));
CREATE POLICY app_reads ON session_slots FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = session_slots.act_id));
CREATE POLICY app_adds ON session_slots FOR INSERT TO ramsess_app
  WITH CHECK (sight.records(act_id));
CREATE POLICY app_removes ON session_slots FOR DELETE TO ramsess_app
  USING (sight.records(act_id));
CREATE POLICY app_all ON slot_attendances FOR ALL TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_all ON signed_sheets FOR ALL TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));

-- What was said at a meeting is read by the network, written by who recorded it.
GRANT SELECT, INSERT, UPDATE (summary, version) ON meetings TO ramsess_app;
CREATE POLICY app_reads ON meetings FOR SELECT TO ramsess_app
  USING ((SELECT sight.works()));
CREATE POLICY app_adds ON meetings FOR INSERT TO ramsess_app
  WITH CHECK (sight.records(act_id));
CREATE POLICY app_changes ON meetings FOR UPDATE TO ramsess_app
  USING (sight.records(act_id));
GRANT SELECT, INSERT, DELETE ON decisions TO ramsess_app;
CREATE POLICY app_reads ON decisions FOR SELECT TO ramsess_app
  USING ((SELECT sight.works()));
CREATE POLICY app_adds ON decisions FOR INSERT TO ramsess_app
  WITH CHECK (sight.records(act_id));
CREATE POLICY app_removes ON decisions FOR DELETE TO ramsess_app
  USING (sight.records(act_id));

-- A post's job sheet.
GRANT SELECT, INSERT, UPDATE (missions, version) ON job_sheets TO ramsess_app;
CREATE POLICY app_reads ON job_sheets FOR SELECT TO ramsess_app
  USING (sight.manages_post(adviser_id));
CREATE POLICY app_adds ON job_sheets FOR INSERT TO ramsess_app
  WITH CHECK (sight.manages_post(adviser_id));
CREATE POLICY app_changes ON job_sheets FOR UPDATE TO ramsess_app
  USING (sight.manages_post(adviser_id));

DO $$ DECLARE item text; BEGIN
  FOREACH item IN ARRAY ARRAY['messages', 'message_mentions', 'message_readings', 'enrolments',
    'session_slots', 'slot_attendances', 'signed_sheets', 'meetings', 'decisions', 'job_sheets']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', item);
    EXECUTE format('CREATE POLICY batch ON %I FOR ALL TO ramsess_batch USING (true)', item);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO ramsess_batch', item);
  END LOOP;
  FOREACH item IN ARRAY ARRAY['assignments', 'group_sessions', 'meetings']
  LOOP
    EXECUTE format('GRANT SELECT ON %I TO ramsess_guard', item);
    EXECUTE format('CREATE POLICY guard_reads ON %I FOR SELECT TO ramsess_guard USING (true)', item);
  END LOOP;
END $$;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ramsess_app, ramsess_batch;

-- What each row was before, kept by the tables themselves: no code that writes can forget it.

-- One change for each row added, changed or removed; one for all the rows of a statement that adds
-- many, as workbooks do, with their keys alone. The trigger's arguments are the columns of the table's key. A command that erases somebody says so:
-- what it takes away is not kept.
CREATE FUNCTION sight.keep_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  keys text[] := TG_ARGV;
  few CONSTANT int := 20;
  done_in text := sight.setting('operation');
BEGIN
  IF session_user = 'ramsess_batch' AND sight.setting('forgetting') = 'on' THEN
    RETURN NULL;
  END IF;
  IF done_in IS NULL THEN
    done_in := gen_random_uuid()::text;
    PERFORM set_config('ramsess.operation', done_in, true);
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF (SELECT count(*) FROM (SELECT FROM added LIMIT few + 1) a) > few THEN
      INSERT INTO public.changes (operation, account_id, noun, kind, key)
      SELECT done_in::uuid, sight.account(), TG_TABLE_NAME, 'I',
        jsonb_agg(sight.key_of(to_jsonb(n), keys))
      FROM added n;
    ELSE
      INSERT INTO public.changes (operation, account_id, noun, kind, key, after, person_id, act_id,
        parcours_id, structure_id)
      SELECT done_in::uuid, sight.account(), TG_TABLE_NAME, 'I',
        jsonb_build_array(sight.key_of(to_jsonb(n), keys)), to_jsonb(n),
        (sight.about(TG_TABLE_NAME, to_jsonb(n))).*
      FROM added n;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO public.changes (operation, account_id, noun, kind, key, before, person_id, act_id,
      parcours_id, structure_id)
    SELECT done_in::uuid, sight.account(), TG_TABLE_NAME, 'D', sight.key_of(to_jsonb(o), keys),
      to_jsonb(o), (sight.about(TG_TABLE_NAME, to_jsonb(o))).*
    FROM removed o;
  ELSE
    -- A row whose key changes: one row removed, another added.
    INSERT INTO public.changes (operation, account_id, noun, kind, key, before, after, person_id,
      act_id, parcours_id, structure_id)
    SELECT done_in::uuid, sight.account(), TG_TABLE_NAME,
      CASE WHEN n.row IS NULL THEN 'D' WHEN o.row IS NULL THEN 'I' ELSE 'U' END,
      CASE WHEN o.row IS NULL THEN jsonb_build_array(n.key) ELSE o.key END,
      CASE WHEN n.row IS NULL THEN o.row ELSE d.before END,
      CASE WHEN o.row IS NULL THEN n.row ELSE d.after END,
      (sight.about(TG_TABLE_NAME, coalesce(n.row, o.row))).*
    FROM (SELECT to_jsonb(r) AS row, sight.key_of(to_jsonb(r), keys) AS key FROM removed r) o
    FULL JOIN (SELECT to_jsonb(a) AS row, sight.key_of(to_jsonb(a), keys) AS key FROM added a) n
      ON n.key = o.key
    LEFT JOIN LATERAL (
      SELECT jsonb_object_agg(b.key, b.value) AS before, jsonb_object_agg(b.key, n.row -> b.key) AS after
      FROM jsonb_each(o.row) b
      WHERE n.row IS NOT NULL AND b.value IS DISTINCT FROM n.row -> b.key) d ON true
    WHERE o.row IS DISTINCT FROM n.row
    ORDER BY (n.row IS NULL) DESC;
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION sight.key_of(line jsonb, keys text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (SELECT jsonb_object_agg(k, line -> k) FROM unnest(keys) AS k);

-- Whom and what a row is about.
CREATE FUNCTION sight.about(noun text, line jsonb,
  OUT person int, OUT act int, OUT parcours int, OUT structure int)
LANGUAGE sql IMMUTABLE
AS $$
  SELECT (CASE noun WHEN 'beneficiaries' THEN line ->> 'id'
      WHEN 'exchange_keys' THEN CASE line ->> 'sheet' WHEN 'Bénéficiaires' THEN line ->> 'record_id' END
      ELSE coalesce(line ->> 'beneficiary_id', line ->> 'person_id') END)::int,
    (CASE noun WHEN 'acts' THEN line ->> 'id' ELSE line ->> 'act_id' END)::int,
    (CASE noun WHEN 'parcours' THEN line ->> 'id' ELSE line ->> 'parcours_id' END)::int,
    (coalesce(line ->> 'structure_id', line ->> 'lead_structure_id', line ->> 'from_structure_id'))::int
$$;

-- The day from which the account's structures know a person: what she was before is not theirs.
CREATE FUNCTION sight.knows_since(wanted int) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT min(known.day) FROM (
    SELECT k.since AS day FROM public.acquaintances k
    WHERE k.beneficiary_id = wanted AND k.structure_id = ANY ((SELECT sight.structures())::int[])
    UNION ALL
    SELECT i.joined_on FROM public.parcours_beneficiaries m
    JOIN public.involvements i ON i.parcours_id = m.parcours_id
    WHERE m.beneficiary_id = wanted AND i.structure_id = ANY ((SELECT sight.structures())::int[])
      AND i.joined_on <= sight.today() AND (i.left_on IS NULL OR i.left_on >= sight.today())
    UNION ALL
    SELECT a.done_on FROM public.act_beneficiaries n
    JOIN public.acts a ON a.id = n.act_id
    WHERE n.beneficiary_id = wanted AND sight.act(a.id)
    UNION ALL
    SELECT a.done_on FROM public.attendances t
    JOIN public.acts a ON a.id = t.act_id
    WHERE t.beneficiary_id = wanted AND t.structure_id = ANY ((SELECT sight.structures())::int[])
    UNION ALL
    SELECT e.since FROM public.exchange_keys e
    WHERE e.record_id = wanted AND e.sheet = 'Bénéficiaires'
      AND e.structure_id = ANY ((SELECT sight.structures())::int[])
  ) known
$$;
GRANT EXECUTE ON FUNCTION sight.knows_since(int) TO ramsess_owner, ramsess_app, ramsess_batch;
GRANT EXECUTE ON FUNCTION sight.keep_history() TO ramsess_owner;

-- Rows.
-- The history of a record is read by who reads the record, of attendance by the host that noted it;
-- nobody writes it but the tables themselves.
ALTER TABLE changes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON changes TO ramsess_app;
CREATE POLICY app_reads ON changes FOR SELECT TO ramsess_app
  USING (CASE
    WHEN noun = 'beneficiaries' THEN
      (at AT TIME ZONE 'Europe/Paris')::date >= sight.knows_since(person_id)
    WHEN noun IN ('acts', 'act_advisers', 'act_beneficiaries', 'group_sessions', 'session_hosts',
      'session_slots') THEN EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = changes.act_id)
    WHEN noun IN ('parcours', 'parcours_beneficiaries', 'involvements', 'phase_changes', 'fundings',
      'plans', 'plan_actions') THEN EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = changes.parcours_id)
    WHEN noun = 'projects' THEN EXISTS (
      SELECT FROM sight.my_projects v WHERE v.project_id = (coalesce(changes.key -> 0, changes.key) ->> 'id')::int)
    WHEN noun IN ('acquaintances', 'attendances', 'enrolments', 'slot_attendances') THEN
      structure_id = ANY ((SELECT sight.structures())::int[])
    ELSE false END);
CREATE POLICY batch ON changes FOR ALL TO ramsess_batch USING (true);
GRANT SELECT, UPDATE, DELETE ON changes TO ramsess_batch;
GRANT INSERT ON changes TO ramsess_guard;
CREATE POLICY guard_adds ON changes FOR INSERT TO ramsess_guard WITH CHECK (true);

DO $$ DECLARE noun text; keys text; BEGIN
  FOREACH noun IN ARRAY ARRAY['beneficiaries', 'acquaintances', 'exchange_keys', 'erasure_requests',
    'projects', 'parcours', 'parcours_beneficiaries', 'involvements', 'phase_changes', 'fundings',
    'acts', 'act_advisers', 'act_beneficiaries', 'group_sessions', 'session_hosts', 'session_slots',
    'attendances', 'enrolments', 'slot_attendances', 'orientations', 'plans', 'plan_actions',
    'advisers', 'assignments']
  LOOP
    SELECT string_agg(quote_literal(a.attname), ', ') INTO keys
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = noun::regclass AND i.indisprimary;
    EXECUTE format('CREATE TRIGGER history_of_added AFTER INSERT ON %I REFERENCING NEW TABLE AS '
      'added FOR EACH STATEMENT EXECUTE FUNCTION sight.keep_history(%s)', noun, keys);
    EXECUTE format('CREATE TRIGGER history_of_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS '
      'removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION sight.keep_history(%s)',
      noun, keys);
    EXECUTE format('CREATE TRIGGER history_of_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS '
      'removed FOR EACH STATEMENT EXECUTE FUNCTION sight.keep_history(%s)', noun, keys);
  END LOOP;
END $$;

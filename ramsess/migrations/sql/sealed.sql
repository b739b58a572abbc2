-- Nothing dated in a sealed period changes (Rule 11): the tables themselves refuse it, whoever
-- writes. docs/adr/0022 says of each column when it is dated.

-- The people of whom a merge, or its reversal, moves the rows in that transaction: who somebody is
-- has no date.
CREATE TABLE sight.identity_moves (
  transaction xid8 NOT NULL,
  person_id int NOT NULL,
  PRIMARY KEY (transaction, person_id));

-- Let the rows of two records of one person move from one to the other, for this transaction alone.
CREATE FUNCTION sight.let_identity_move(kept int, gone int) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  DELETE FROM sight.identity_moves m WHERE m.transaction <> pg_current_xact_id();
  INSERT INTO sight.identity_moves
  SELECT pg_current_xact_id(), person FROM unnest(ARRAY[kept, gone]) AS person
  WHERE EXISTS (
    SELECT FROM public.duplicate_pairs d
    WHERE d.first_id = kept AND d.second_id = gone AND d.verdict IS DISTINCT FROM 'distinct'
  ) OR EXISTS (
    SELECT FROM public.beneficiaries b WHERE b.id = gone AND b.merged_into_id = kept)
  ON CONFLICT DO NOTHING
$$;

-- Until the end of the transaction nobody else writes what is dated: what is being written is waited
-- for. Whoever seals asks for it before reading the figures.
CREATE FUNCTION sight.hold_still() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT pg_advisory_xact_lock(1380013907) $$;

CREATE FUNCTION sight.hold_still_for_a_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1380013907);
  RETURN NEW;
END
$$;

-- What the reports of the sealed periods s say of rows n: a period and a line for each. The
-- trigger's argument is that query; a statement is refused when it changes one of its lines.
CREATE FUNCTION sight.keep_sealed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  sealed CONSTANT text := '(SELECT p.* FROM public.seals e JOIN public.periods p ON p.id = e.period_id)';
  lines CONSTANT text := 'SELECT s.id AS period, jsonb_build_array(%s) AS line FROM %s n %s';
  which CONSTANT text := replace(TG_ARGV[1], 'SEALED', sealed);
  before CONSTANT text := format(lines, TG_ARGV[0], 'removed', which);
  after CONSTANT text := format(lines, TG_ARGV[0], 'added', which);
  said text;
  found int;
  told text;
BEGIN
  -- Whoever seals waits for what is written now; what is written later sees the seal.
  PERFORM pg_advisory_xact_lock_shared(1380013907);
  IF NOT EXISTS (SELECT FROM public.seals) THEN
    RETURN NULL;
  END IF;
  said := CASE TG_OP WHEN 'INSERT' THEN after WHEN 'DELETE' THEN before ELSE
    format('(%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)', before, after) END;
  -- The shortest period names the day best.
  EXECUTE 'SELECT q.period FROM (' || said || ') q JOIN public.periods p ON p.id = q.period '
    'ORDER BY p.last_on - p.first_on, p.first_on LIMIT 1' INTO found;
  IF found IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT jsonb_build_object('id', p.id, 'kind', p.kind, 'first_on', p.first_on,
    'last_on', p.last_on, 'sealed_at', e.sealed_at)::text INTO told
  FROM public.periods p JOIN public.seals e ON e.period_id = p.id WHERE p.id = found;
  RAISE EXCEPTION 'Ce qui est daté d’une période scellée ne change plus.'
    USING ERRCODE = 'RS011', DETAIL = told;
END
$$;
GRANT EXECUTE ON FUNCTION sight.let_identity_move(int, int) TO ramsess_owner, ramsess_batch;
GRANT EXECUTE ON FUNCTION sight.hold_still() TO ramsess_owner, ramsess_batch;
GRANT EXECUTE ON FUNCTION sight.keep_sealed(), sight.hold_still_for_a_seal()
  TO ramsess_owner;

-- Rows.
DO $$ DECLARE
  item text[];
  of_act CONSTANT text := 'JOIN public.acts a ON a.id = n.act_id '
    'JOIN SEALED s ON a.done_on >= s.first_on AND a.done_on <= s.last_on '
    -- What comes after every seal is left out at once.
    'WHERE a.done_on <= (SELECT max(l.last_on) FROM SEALED l)';
  -- Who somebody is has no date.
  somebody CONSTANT text := ' AND NOT EXISTS (SELECT FROM sight.identity_moves m WHERE '
    'm.transaction = pg_current_xact_id_if_assigned() AND m.person_id = n.beneficiary_id)';
  -- Followed in the period, or an act of the period concerns it.
  counted CONSTANT text := '%1$s.entered_on <= s.last_on AND (%1$s.exited_on IS NULL '
    'OR %1$s.exited_on >= s.first_on OR EXISTS (SELECT FROM public.acts a '
    'WHERE a.parcours_id = %1$s.id AND a.done_on >= s.first_on AND a.done_on <= s.last_on))';
  of_parcours CONSTANT text := 'JOIN public.parcours p ON p.id = n.parcours_id JOIN SEALED s '
    'ON ' || format(counted, 'p') || ' WHERE true';
BEGIN
  FOREACH item SLICE 1 IN ARRAY ARRAY[
    -- Table, what is said of a row, and in which periods.
    ['acts', 'n.id, n.done_on, n.type_code, n.scheme_code, n.modality_code, n.commune_code, '
      'n.parcours_id, n.plan_action_id, n.anonymous_count, n.recorded_at',
      'JOIN SEALED s ON n.done_on >= s.first_on AND n.done_on <= s.last_on '
      'WHERE n.done_on <= (SELECT max(l.last_on) FROM SEALED l)'],
    ['act_advisers', 'n.act_id, n.adviser_id, n.structure_id, n.minutes', of_act],
    ['act_beneficiaries', 'n.act_id, n.beneficiary_id', of_act || somebody],
    ['group_sessions', 'n.act_id, n.minutes', of_act],
    ['session_hosts', 'n.act_id, n.structure_id, n.anonymous_count', of_act],
    ['session_slots', 'n.act_id, n.starts_at, n.ends_at', of_act],
    ['attendances', 'n.act_id, n.beneficiary_id, n.structure_id', of_act || somebody],
    ['slot_attendances', 'n.act_id, n.beneficiary_id, n.structure_id, n.starts_at',
      of_act || somebody],
    ['exchange_keys', 'n.record_id', 'JOIN public.acts a ON a.id = n.record_id '
      'JOIN SEALED s ON a.done_on >= s.first_on AND a.done_on <= s.last_on '
      'WHERE n.sheet IN (''Actes'', ''Séances'')'],
    ['parcours', 'n.id, n.entered_on, n.lead_structure_id, n.entry_phase_code, '
      'n.entry_sector_code, n.entry_legal_form_code, n.entry_commune_code, '
      'CASE WHEN n.exited_on <= s.last_on THEN jsonb_build_array(n.exited_on, n.outcome_code, '
      'n.jobs_created, n.jobs_consolidated) END',
      'JOIN SEALED s ON ' || format(counted, 'n')],
    ['parcours_beneficiaries', 'n.parcours_id, n.beneficiary_id, n.age, n.sex_code, '
      'n.situation_code, n.education_code, n.commune_code, n.rsa, n.qpv', of_parcours || somebody],
    ['phase_changes', 'n.parcours_id, n.reached_on, n.phase_code',
      of_parcours || ' AND n.reached_on <= s.last_on'],
    ['fundings', 'n.parcours_id, n.source_code, n.cents',
      of_parcours || ' AND p.exited_on >= s.first_on AND p.exited_on <= s.last_on'],
    ['involvements', 'n.parcours_id, n.structure_id, n.joined_on, '
      'CASE WHEN n.left_on <= s.last_on THEN n.left_on END',
      'JOIN public.parcours p ON p.id = n.parcours_id JOIN SEALED s '
      'ON n.joined_on <= s.last_on AND (coalesce(n.left_on, p.exited_on) IS NULL '
      'OR coalesce(n.left_on, p.exited_on) >= s.first_on)'],
    ['assignments', 'n.adviser_id, n.structure_id, n.share, greatest(n.from_on, s.first_on), '
      'least(n.to_on, s.last_on)',
      'JOIN SEALED s ON (n.from_on IS NULL OR n.from_on <= s.last_on) '
      'AND (n.to_on IS NULL OR n.to_on >= s.first_on)'],
    ['orientations', 'n.id, n.from_structure_id, n.to_structure_id, n.partner_code, '
      'n.parcours_id, n.beneficiary_id, n.proposed_on, '
      'CASE WHEN n.answered_on <= s.last_on THEN jsonb_build_array(n.answered_on, n.answer) END',
      'JOIN SEALED s ON n.proposed_on >= s.first_on AND n.proposed_on <= s.last_on '
      'WHERE true' || somebody],
    ['diagnostics', 'n.id, n.parcours_id, '
      'CASE WHEN n.validated_on <= s.last_on THEN n.validated_on END',
      'JOIN SEALED s ON n.opened_on <= s.last_on'],
    ['plans', 'n.id, n.parcours_id',
      'JOIN SEALED s ON n.opened_on <= s.last_on '
      'AND (n.superseded_on IS NULL OR n.superseded_on > s.last_on)'],
    ['plan_actions', 'n.id, n.structure_id, n.due_on < s.last_on AND (n.closed_on IS NULL OR '
      'n.closed_on > s.last_on), n.state = ''done'' AND n.closed_on >= s.first_on '
      'AND n.closed_on <= s.last_on, CASE WHEN n.due_on >= s.first_on AND n.due_on <= s.last_on '
      'THEN jsonb_build_array(n.planned_acts, n.planned_minutes) END',
      'JOIN public.plans l ON l.id = n.plan_id JOIN SEALED s ON l.opened_on <= s.last_on '
      'AND (l.superseded_on IS NULL OR l.superseded_on > s.last_on) '
      'WHERE n.due_on >= s.first_on AND n.due_on <= s.last_on '
      'OR n.due_on < s.last_on AND (n.closed_on IS NULL OR n.closed_on > s.last_on) '
      'OR n.state = ''done'' AND n.closed_on >= s.first_on AND n.closed_on <= s.last_on'],
    ['memberships', 'n.structure_id', 'JOIN SEALED s ON n.joined_on <= s.last_on '
      'AND (n.left_on IS NULL OR n.left_on >= s.first_on)'],
    ['corrections', 'n.id',
      'JOIN SEALED s ON n.made_on >= s.first_on AND n.made_on <= s.last_on']]
  LOOP
    EXECUTE format('CREATE TRIGGER sealed_added AFTER INSERT ON %I REFERENCING NEW TABLE AS added '
      'FOR EACH STATEMENT EXECUTE FUNCTION sight.keep_sealed(%L, %L)', item[1], item[2], item[3]);
    EXECUTE format('CREATE TRIGGER sealed_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS '
      'removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION sight.keep_sealed(%L, %L)',
      item[1], item[2], item[3]);
    EXECUTE format('CREATE TRIGGER sealed_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS '
      'removed FOR EACH STATEMENT EXECUTE FUNCTION sight.keep_sealed(%L, %L)',
      item[1], item[2], item[3]);
  END LOOP;
END $$;
CREATE TRIGGER hold_still BEFORE INSERT ON seals
  FOR EACH ROW EXECUTE FUNCTION sight.hold_still_for_a_seal();

-- A correction is added, in one's own name, today, of what is sealed; read by who reads the record
-- that it is about. Nobody changes or removes it; an erasure empties its words.
ALTER TABLE corrections ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON corrections TO ramsess_app;
CREATE POLICY app_reads ON corrections FOR SELECT TO ramsess_app
  USING (CASE
    WHEN act_id IS NOT NULL THEN EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = corrections.act_id)
    WHEN parcours_id IS NOT NULL THEN
      EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = corrections.parcours_id)
    ELSE structure_id = ANY ((SELECT sight.structures())::int[]) END);
CREATE POLICY app_adds ON corrections FOR INSERT TO ramsess_app
  WITH CHECK (account_id = (SELECT sight.account()) AND made_on = sight.today()
    AND structure_id = ANY ((SELECT sight.structures())::int[])
    AND (act_id IS NULL OR sight.records(act_id)
      OR (kind IN ('attendance', 'heads') AND sight.act(act_id)))
    AND (parcours_id IS NULL OR sight.takes_part(parcours_id)));
CREATE POLICY batch ON corrections FOR ALL TO ramsess_batch USING (true);
GRANT SELECT, INSERT, UPDATE (was, should_be, reason) ON corrections TO ramsess_batch;
CREATE POLICY report ON corrections FOR SELECT TO ramsess_report USING (true);
GRANT SELECT (id, made_on, structure_id, period_id, kind, scheme_code, parcours_id, acts, minutes,
  sessions, attendances, parcours) ON corrections TO ramsess_report;
GRANT USAGE ON SEQUENCE corrections_id_seq TO ramsess_app, ramsess_batch;

-- A pair of which the account sees one record alone: it is told that another structure may know this
-- person, and which of its own record's words agree. Nothing of the other record, nor whose it is.

-- What is told of the reasons: those whose value is the asker's own, never how the other differs.
CREATE FUNCTION sight.told_reasons(reasons text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN (
  SELECT array_agg(DISTINCT t.said) FILTER (WHERE t.said IS NOT NULL) FROM (
    SELECT CASE WHEN r ~ '^(first|last)_' OR r = 'swapped' THEN 'names'
      WHEN r = 'birth_same' THEN 'birth'
      WHEN r IN ('phone', 'email') THEN 'contact'
      WHEN r = 'commune' THEN 'commune' END AS said
    FROM unnest(reasons) AS r) AS t);

-- Nobody told a structure that knows one of the two records that it is not to be shared.
CREATE FUNCTION sight.shareable(one int, other int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 200 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT NOT EXISTS (
    SELECT FROM public.acquaintances k
    WHERE k.beneficiary_id IN (one, other) AND NOT k.sharing_agreed
  ) AND NOT EXISTS (
    SELECT FROM public.beneficiaries b
    WHERE b.id IN (one, other) AND b.nameless_since IS NOT NULL)
$$;

-- The pairs told to both sides, of which the account sees exactly one record (*person*).
CREATE FUNCTION sight.matches()
RETURNS TABLE (public_id uuid, person int, reasons text[], told_on date, confirmed_by int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH open AS MATERIALIZED (
    SELECT p.*,
      p.first_id IN (SELECT v.beneficiary_id FROM sight.my_people v) AS sees_first,
      p.second_id IN (SELECT v.beneficiary_id FROM sight.my_people v) AS sees_second
    FROM public.duplicate_pairs p WHERE p.verdict IS NULL AND p.told_on IS NOT NULL)
  SELECT o.public_id, CASE WHEN o.sees_first THEN o.first_id ELSE o.second_id END,
    sight.told_reasons(o.reasons), o.told_on,
    CASE WHEN o.sees_first THEN o.first_structure_id ELSE o.second_structure_id END
  FROM open o
  WHERE o.sees_first <> o.sees_second AND sight.shareable(o.first_id, o.second_id)
$$;

-- Say for one's own record that it is this person, with her agreement of that day, or that it is
-- not. 'waits' for the other side, 'both' have confirmed, 'refused', 'confirmed' before;
-- NULL: there is nothing to answer.
CREATE FUNCTION sight.answer_match(wanted uuid, said text, structure int, consent date) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine record;
  p public.duplicate_pairs;
BEGIN
  SELECT m.person INTO mine FROM sight.matches() m WHERE m.public_id = wanted;
  IF mine.person IS NULL OR NOT (structure = ANY ((SELECT sight.structures())::int[])) THEN
    RETURN NULL;
  END IF;
  -- The other side may be answering: what it said is read once its row is held.
  SELECT * INTO p FROM public.duplicate_pairs q WHERE q.public_id = wanted AND q.verdict IS NULL
  FOR UPDATE;
  IF p.id IS NULL THEN
    RETURN NULL;
  END IF;
  IF said = 'refused' THEN
    UPDATE public.duplicate_pairs q
    SET verdict = 'refused', ended_on = sight.today(), version = version + 1 WHERE q.id = p.id;
    RETURN 'refused';
  END IF;
  IF said <> 'confirmed' OR consent IS NULL OR consent > sight.today() THEN
    RETURN NULL;
  END IF;
  IF mine.person = p.first_id THEN
    IF p.first_structure_id IS NOT NULL THEN
      RETURN 'confirmed';
    END IF;
    UPDATE public.duplicate_pairs q
    SET first_structure_id = structure, first_consent_on = consent, version = version + 1
    WHERE q.id = p.id;
    RETURN CASE WHEN p.second_structure_id IS NULL THEN 'waits' ELSE 'both' END;
  END IF;
  IF p.second_structure_id IS NOT NULL THEN
    RETURN 'confirmed';
  END IF;
  UPDATE public.duplicate_pairs q
  SET second_structure_id = structure, second_consent_on = consent, version = version + 1
  WHERE q.id = p.id;
  RETURN CASE WHEN p.first_structure_id IS NULL THEN 'waits' ELSE 'both' END;
END
$$;
-- What the two functions ask of records that one does not see is asked by them, and by commands.
GRANT EXECUTE ON FUNCTION sight.shareable(int, int) TO ramsess_owner, ramsess_batch;
GRANT EXECUTE ON FUNCTION sight.matches(), sight.answer_match(uuid, text, int, date)
  TO ramsess_owner, ramsess_app, ramsess_batch;

-- Rows.
-- A pair is seen by who sees both records; once merged, by who sees the one that stays.
GRANT SELECT, INSERT, UPDATE (verdict, ended_on, account_id, version) ON duplicate_pairs
  TO ramsess_app;
ALTER TABLE duplicate_pairs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY batch ON duplicate_pairs FOR ALL TO ramsess_batch USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON duplicate_pairs TO ramsess_batch;
CREATE POLICY app_reads ON duplicate_pairs FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM sight.my_people v WHERE v.beneficiary_id = kept_id)
    OR (EXISTS (SELECT FROM sight.my_people v WHERE v.beneficiary_id = first_id)
      AND EXISTS (SELECT FROM sight.my_people v WHERE v.beneficiary_id = second_id)));
-- Who sees both says that they are two people; merging is the commands' (actions/merging.py).
CREATE POLICY app_adds ON duplicate_pairs FOR INSERT TO ramsess_app
  WITH CHECK (verdict = 'distinct' AND account_id = (SELECT sight.account()) AND told_on IS NULL
    AND first_structure_id IS NULL AND second_structure_id IS NULL AND operation IS NULL
    AND sight.person(first_id) AND sight.person(second_id));
CREATE POLICY app_changes ON duplicate_pairs FOR UPDATE TO ramsess_app
  USING (verdict IS NULL AND sight.person(first_id) AND sight.person(second_id))
  WITH CHECK (verdict = 'distinct' AND account_id = (SELECT sight.account()));
-- The guard tells each side of its own record, and writes what it answers.
GRANT SELECT, UPDATE (first_structure_id, first_consent_on, second_structure_id, second_consent_on,
  verdict, ended_on, version) ON duplicate_pairs TO ramsess_guard;
CREATE POLICY guard_reads ON duplicate_pairs FOR SELECT TO ramsess_guard USING (true);
CREATE POLICY guard_answers ON duplicate_pairs FOR UPDATE TO ramsess_guard USING (true);
GRANT USAGE ON SEQUENCE duplicate_pairs_id_seq TO ramsess_app, ramsess_batch;

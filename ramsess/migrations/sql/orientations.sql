-- An orientation is seen by who proposes it, by who takes part in the parcours, and by who accepted
-- it. Who is asked, or refused, is told of it by sight.offers() alone, which names nobody.
GRANT SELECT ON partners TO ramsess_app, ramsess_door, ramsess_report, ramsess_funder,
  ramsess_guard;
GRANT SELECT, INSERT, UPDATE, DELETE ON partners, orientations TO ramsess_batch;
GRANT USAGE ON SEQUENCE orientations_id_seq TO ramsess_app, ramsess_door, ramsess_batch;
GRANT SELECT, INSERT, UPDATE (answer, answered_on, answer_note, version) ON orientations
  TO ramsess_app;
GRANT SELECT (id, from_structure_id, to_structure_id, partner_code, parcours_id, beneficiary_id,
  proposed_on, answer, answered_on) ON orientations TO ramsess_report;
ALTER TABLE orientations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY batch ON orientations FOR ALL TO ramsess_batch USING (true);
CREATE POLICY report ON orientations FOR SELECT TO ramsess_report USING (true);
CREATE POLICY app_reads ON orientations FOR SELECT TO ramsess_app
  USING (from_structure_id = ANY ((SELECT sight.structures())::int[])
    OR (to_structure_id = ANY ((SELECT sight.structures())::int[]) AND answer = 'accepted')
    OR EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = orientations.parcours_id));
CREATE POLICY app_adds ON orientations FOR INSERT TO ramsess_app
  WITH CHECK (from_structure_id = ANY ((SELECT sight.structures())::int[]) AND answer IS NULL
    AND (sight.took_part(parcours_id, from_structure_id, sight.today())
      OR sight.person(beneficiary_id)));
-- The sender gives up what waits, and records what a partner answers; it answers for no structure.
CREATE POLICY app_changes ON orientations FOR UPDATE TO ramsess_app
  USING (from_structure_id = ANY ((SELECT sight.structures())::int[])
    AND (answer IS NULL OR partner_code IS NOT NULL))
  WITH CHECK (from_structure_id = ANY ((SELECT sight.structures())::int[])
    AND (answer IS NULL OR answer = 'closed' OR partner_code IS NOT NULL));
-- The guard answers for the structure that is asked, and opens to it what it accepts.
GRANT SELECT, UPDATE (answer, answered_on, answer_note, version) ON orientations TO ramsess_guard;
CREATE POLICY guard_reads ON orientations FOR SELECT TO ramsess_guard USING (true);
CREATE POLICY guard_answers ON orientations FOR UPDATE TO ramsess_guard USING (true);
GRANT INSERT ON involvements TO ramsess_guard;
GRANT USAGE ON SEQUENCE involvements_id_seq TO ramsess_guard;
CREATE POLICY guard_adds ON involvements FOR INSERT TO ramsess_guard WITH CHECK (true);
GRANT SELECT ON phase_changes TO ramsess_guard;
CREATE POLICY guard_reads ON phase_changes FOR SELECT TO ramsess_guard USING (true);
-- What decides.
-- A structure acts and sees while it belongs to the network; its grants stay for when it comes back.
CREATE OR REPLACE FUNCTION sight.structures() RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(array_agg(t.id), '{}') FROM public.structures t
  WHERE session_user = 'ramsess_batch' OR t.id IN (
    SELECT g.structure_id FROM public.grants g
    JOIN public.memberships m ON m.structure_id = g.structure_id
    WHERE g.account_id = (SELECT sight.account()) AND g.role_name IN ('adviser', 'manager')
      AND (g.until IS NULL OR g.until >= sight.today())
      AND m.joined_on <= sight.today() AND (m.left_on IS NULL OR m.left_on >= sight.today()))
$$;

-- The account proposes the orientation, or is asked.
CREATE FUNCTION sight.party(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.orientations o
    WHERE o.id = wanted AND (o.from_structure_id = ANY ((SELECT sight.structures())::int[])
      OR o.to_structure_id = ANY ((SELECT sight.structures())::int[])))
$$;

-- Somebody whom it is about told the sender, or the référente, that her record is not to be shared.
CREATE FUNCTION sight.unshared(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.orientations o
    LEFT JOIN public.parcours p ON p.id = o.parcours_id
    LEFT JOIN public.parcours_beneficiaries m ON m.parcours_id = p.id
    JOIN public.acquaintances k ON k.beneficiary_id = coalesce(o.beneficiary_id, m.beneficiary_id)
    WHERE o.id = wanted AND sight.party(wanted) AND NOT k.sharing_agreed
      AND k.structure_id IN (o.from_structure_id, p.lead_structure_id))
$$;

-- The day on which the structure that accepted first did something for the parcours or the person.
CREATE FUNCTION sight.taken_up(wanted int) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT min(a.done_on) FROM public.orientations o
  JOIN public.acts a ON a.done_on >= o.answered_on AND (
    a.parcours_id = o.parcours_id
    OR a.parcours_id IN (SELECT m.parcours_id FROM public.parcours_beneficiaries m
                         WHERE m.beneficiary_id = o.beneficiary_id)
    OR a.id IN (SELECT n.act_id FROM public.act_beneficiaries n
                WHERE n.beneficiary_id = o.beneficiary_id))
  JOIN public.act_advisers s ON s.act_id = a.id AND s.structure_id = o.to_structure_id
  WHERE o.id = wanted AND sight.party(wanted) AND o.answer = 'accepted'
$$;

-- What the account's structures were asked. While it waits: why, and what names nobody; afterwards
-- nothing that leads to anybody.
CREATE FUNCTION sight.offers()
RETURNS TABLE (public_id uuid, from_structure_id int, to_structure_id int, adviser_id int,
  proposed_on date, answer text, answered_on date, answer_note text, reason text,
  phase_code text, sector_code text, legal_form_code text, department_code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT o.public_id, o.from_structure_id, o.to_structure_id, o.adviser_id, o.proposed_on, o.answer,
    o.answered_on, CASE o.answer WHEN 'refused' THEN o.answer_note END, w.reason,
    coalesce(c.phase_code, p.entry_phase_code), j.sector_code, j.legal_form_code, t.department_code
  FROM public.orientations o
  LEFT JOIN public.orientations w ON w.id = o.id AND w.answer IS NULL
  LEFT JOIN public.parcours p ON p.id = w.parcours_id
  LEFT JOIN public.projects j ON j.id = p.project_id
  LEFT JOIN LATERAL (
    SELECT h.phase_code FROM public.phase_changes h
    WHERE h.parcours_id = p.id AND h.reached_on <= sight.today()
    ORDER BY h.reached_on DESC LIMIT 1) c ON true
  LEFT JOIN public.beneficiaries b ON b.id = w.beneficiary_id
  LEFT JOIN public.communes t ON t.code = coalesce(j.commune_code, b.commune_code)
  WHERE o.to_structure_id = ANY ((SELECT sight.structures())::int[])
$$;

-- Answer for the structure that is asked; accepting opens the parcours, or the person, to it at once.
-- What was said, or why it is not done: 'answered', 'over', 'unshared'; NULL: nothing to answer.
CREATE FUNCTION sight.answer(wanted uuid, said text, why text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  o public.orientations;
  ended date;
  erased date;
BEGIN
  SELECT * INTO o FROM public.orientations q
  WHERE q.public_id = wanted AND said IN ('accepted', 'refused')
    AND q.to_structure_id = ANY ((SELECT sight.structures())::int[])
  FOR UPDATE;
  IF o.id IS NULL THEN
    RETURN NULL;
  END IF;
  IF o.answer IS NOT NULL THEN
    RETURN 'answered';
  END IF;
  IF said = 'accepted' THEN
    -- Held until the end: no exit is noted meanwhile, nobody is erased.
    SELECT p.exited_on INTO ended FROM public.parcours p WHERE p.id = o.parcours_id FOR UPDATE;
    SELECT b.nameless_since INTO erased FROM public.beneficiaries b WHERE b.id = o.beneficiary_id
    FOR NO KEY UPDATE;
    IF ended < sight.today() OR erased IS NOT NULL THEN
      RETURN 'over';
    END IF;
    IF sight.unshared(o.id) THEN
      RETURN 'unshared';
    END IF;
    IF o.beneficiary_id IS NOT NULL THEN
      INSERT INTO public.acquaintances (beneficiary_id, structure_id, since)
      VALUES (o.beneficiary_id, o.to_structure_id, sight.today()) ON CONFLICT DO NOTHING;
    ELSIF NOT EXISTS (
      SELECT FROM public.involvements i
      WHERE i.parcours_id = o.parcours_id AND i.structure_id = o.to_structure_id
        AND (i.left_on IS NULL OR i.left_on >= sight.today())
    ) THEN
      INSERT INTO public.involvements (parcours_id, structure_id, joined_on)
      VALUES (o.parcours_id, o.to_structure_id, sight.today());
    END IF;
  END IF;
  UPDATE public.orientations q
  SET answer = said, answered_on = sight.today(), answer_note = why, version = version + 1
  WHERE q.id = o.id;
  RETURN said;
END
$$;

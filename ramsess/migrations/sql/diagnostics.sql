-- Shared diagnostics and plans: what decides (first part, as the guard), then who may what.

-- A diagnostic of a parcours that the account's structures take part in, not validated yet: what is
-- validated never changes.
CREATE FUNCTION sight.open_diagnostic(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.diagnostics d
    WHERE d.id = wanted AND d.validated_on IS NULL AND sight.takes_part(d.parcours_id))
$$;

-- A plan that no revision supersedes.
CREATE FUNCTION sight.current_plan(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.plans p
    WHERE p.id = wanted AND p.superseded_on IS NULL AND sight.takes_part(p.parcours_id))
$$;

-- Draw the consequence of what was handed in and agreed with, by the structures that take part
-- today: contributed once all handed their part in, validated once all and the beneficiary agree
-- with the present wording. A part taken back makes another wording.
CREATE FUNCTION sight.settle_diagnostic(wanted int) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE public.diagnostics d SET
    contributed_on = CASE WHEN s.handed_in THEN coalesce(d.contributed_on, sight.today()) END,
    wording = CASE WHEN s.handed_in OR d.contributed_on IS NULL THEN d.wording ELSE d.wording + 1 END,
    beneficiary_agreed_on = CASE WHEN s.handed_in THEN d.beneficiary_agreed_on END,
    beneficiary_manner_code = CASE WHEN s.handed_in THEN d.beneficiary_manner_code END,
    validated_on = CASE WHEN s.handed_in AND s.agreed AND d.beneficiary_agreed_on IS NOT NULL
      THEN sight.today() END
  FROM (
    SELECT c.diagnostic_id, bool_and(c.handed_in_on IS NOT NULL) AS handed_in,
      bool_and(coalesce(c.agreed_wording = e.wording, false)) AS agreed
    FROM public.contributions c JOIN public.diagnostics e ON e.id = c.diagnostic_id
    JOIN public.involvements i ON i.parcours_id = c.parcours_id AND i.structure_id = c.structure_id
    WHERE i.joined_on <= sight.today() AND (i.left_on IS NULL OR i.left_on >= sight.today())
    GROUP BY c.diagnostic_id
  ) s
  WHERE d.id = wanted AND s.diagnostic_id = d.id AND d.validated_on IS NULL
$$;

-- What the beneficiary reads who holds a link: it opens once, until its day, while she may agree.
CREATE FUNCTION sight.diagnostic_by_link()
RETURNS TABLE (title text, lead text, number int, synthesis text, wording int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT j.title, t.name, d.number, d.synthesis, d.wording
  FROM public.diagnostics d
  JOIN public.parcours p ON p.id = d.parcours_id
  JOIN public.projects j ON j.id = p.project_id
  JOIN public.structures t ON t.id = p.lead_structure_id
  WHERE d.link_hash = sight.setting('door') AND now() < d.link_until
    AND d.contributed_on IS NOT NULL AND d.validated_on IS NULL
$$;

-- Agree by that link with the wording that was read; how many agreements it made, 1 or 0. One
-- statement writes it: of two at once one makes none.
CREATE FUNCTION sight.agree_by_link(seen int) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  agreed record;
BEGIN
  UPDATE public.diagnostics d SET beneficiary_agreed_on = sight.today(),
    beneficiary_manner_code = 'LIEN', link_hash = NULL, link_until = NULL, version = d.version + 1
  FROM public.parcours p
  WHERE p.id = d.parcours_id AND d.link_hash = sight.setting('door') AND now() < d.link_until
    AND d.contributed_on IS NOT NULL AND d.validated_on IS NULL AND d.wording = seen
  RETURNING d.id, p.id AS parcours_id, p.reference, p.lead_structure_id INTO agreed;
  IF agreed IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM sight.settle_diagnostic(agreed.id);
  PERFORM public.audit_note_many(array_agg('agree_by_link'::text), array_agg(NULL::int),
    array_agg(agreed.lead_structure_id), array_agg(m.beneficiary_id),
    array_agg(agreed.reference::text))
  FROM public.parcours_beneficiaries m WHERE m.parcours_id = agreed.parcours_id;
  RETURN 1;
END
$$;

-- For each action of a parcours' plans, by the id of its first version: how many acts were done
-- for it and their minutes, by all, to those who take part.
CREATE FUNCTION sight.done_for_plan(wanted int) RETURNS TABLE (action int, acts int, minutes int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.plan_action_id, count(DISTINCT a.id)::int, sum(s.minutes)::int
  FROM public.acts a JOIN public.act_advisers s ON s.act_id = a.id
  WHERE a.parcours_id = wanted AND a.plan_action_id IS NOT NULL AND sight.takes_part(wanted)
  GROUP BY a.plan_action_id
$$;

-- A revision starts from what each structure said in the version before.
CREATE FUNCTION sight.carry_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO public.appraisals (diagnostic_id, structure_id, axis_code, parcours_id, level,
    strengths, weaknesses, needs, version)
  SELECT NEW.diagnostic_id, NEW.structure_id, a.axis_code, NEW.parcours_id, a.level, a.strengths,
    a.weaknesses, a.needs, 1
  FROM public.diagnostics d
  JOIN public.diagnostics b ON b.parcours_id = d.parcours_id AND b.number = d.number - 1
  JOIN public.appraisals a ON a.diagnostic_id = b.id AND a.structure_id = NEW.structure_id
  WHERE d.id = NEW.diagnostic_id;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION sight.open_diagnostic(int), sight.current_plan(int),
  sight.settle_diagnostic(int), sight.diagnostic_by_link(), sight.agree_by_link(int),
  sight.done_for_plan(int), sight.carry_over() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sight.open_diagnostic(int), sight.current_plan(int),
  sight.settle_diagnostic(int), sight.done_for_plan(int), sight.carry_over()
  TO ramsess_owner, ramsess_app, ramsess_batch;
GRANT EXECUTE ON FUNCTION sight.diagnostic_by_link(), sight.agree_by_link(int)
  TO ramsess_owner, ramsess_door, ramsess_batch;

SET ROLE ramsess_owner;
GRANT SELECT ON axes, agreement_manners
  TO ramsess_app, ramsess_door, ramsess_report, ramsess_funder, ramsess_guard;

-- The référente opens a diagnostic, says who contributes and writes the synthesis; that it is
-- contributed or validated is written by sight.settle_diagnostic alone.
GRANT SELECT, INSERT, UPDATE (synthesis, wording, beneficiary_agreed_on, beneficiary_manner_code,
  link_hash, link_until, version) ON diagnostics TO ramsess_app;
CREATE POLICY app_reads ON diagnostics FOR SELECT TO ramsess_app
  USING (sight.takes_part(parcours_id));
CREATE POLICY app_adds ON diagnostics FOR INSERT TO ramsess_app
  WITH CHECK (sight.leads(parcours_id) AND contributed_on IS NULL);
CREATE POLICY app_changes ON diagnostics FOR UPDATE TO ramsess_app
  USING (sight.leads(parcours_id) AND validated_on IS NULL);
-- Each structure writes in its own column.
GRANT SELECT, INSERT, DELETE, UPDATE (handed_in_on, agreed_on, agreed_wording) ON contributions
  TO ramsess_app;
CREATE POLICY app_reads ON contributions FOR SELECT TO ramsess_app
  USING (sight.takes_part(parcours_id));
CREATE POLICY app_adds ON contributions FOR INSERT TO ramsess_app
  WITH CHECK (sight.leads(parcours_id) AND sight.open_diagnostic(diagnostic_id)
    AND handed_in_on IS NULL AND agreed_on IS NULL);
CREATE POLICY app_changes ON contributions FOR UPDATE TO ramsess_app
  USING (sight.took_part(parcours_id, structure_id, sight.today())
    AND sight.open_diagnostic(diagnostic_id));
CREATE POLICY app_removes ON contributions FOR DELETE TO ramsess_app
  USING (sight.leads(parcours_id) AND sight.open_diagnostic(diagnostic_id)
    AND handed_in_on IS NULL);
CREATE TRIGGER carry_over AFTER INSERT ON contributions
  FOR EACH ROW EXECUTE FUNCTION sight.carry_over();
GRANT SELECT, INSERT, UPDATE (level, strengths, weaknesses, needs, version) ON appraisals
  TO ramsess_app;
CREATE POLICY app_reads ON appraisals FOR SELECT TO ramsess_app
  USING (sight.takes_part(parcours_id));
CREATE POLICY app_adds ON appraisals FOR INSERT TO ramsess_app
  WITH CHECK (sight.took_part(parcours_id, structure_id, sight.today())
    AND sight.open_diagnostic(diagnostic_id));
CREATE POLICY app_changes ON appraisals FOR UPDATE TO ramsess_app
  USING (sight.took_part(parcours_id, structure_id, sight.today())
    AND sight.open_diagnostic(diagnostic_id));

-- A plan is the business of all who take part; a superseded one stays as it was.
GRANT SELECT, INSERT, UPDATE (superseded_on, review_on, version) ON plans TO ramsess_app;
CREATE POLICY app_reads ON plans FOR SELECT TO ramsess_app USING (sight.takes_part(parcours_id));
CREATE POLICY app_adds ON plans FOR INSERT TO ramsess_app
  WITH CHECK (sight.takes_part(parcours_id));
CREATE POLICY app_changes ON plans FOR UPDATE TO ramsess_app
  USING (superseded_on IS NULL AND sight.takes_part(parcours_id))
  WITH CHECK (sight.takes_part(parcours_id));
GRANT SELECT, INSERT, UPDATE (structure_id, axis_code, type_code, objective, planned_acts,
  planned_minutes, due_on, state, closed_on, version) ON plan_actions TO ramsess_app;
CREATE POLICY app_reads ON plan_actions FOR SELECT TO ramsess_app
  USING (sight.takes_part(parcours_id));
CREATE POLICY app_adds ON plan_actions FOR INSERT TO ramsess_app
  WITH CHECK (sight.current_plan(plan_id));
CREATE POLICY app_changes ON plan_actions FOR UPDATE TO ramsess_app
  USING (sight.current_plan(plan_id));
GRANT UPDATE (plan_action_id) ON acts TO ramsess_app;

-- Figures: codes, dates, minutes.
GRANT SELECT (id, parcours_id, number, opened_on, contributed_on, validated_on)
  ON diagnostics TO ramsess_report;
GRANT SELECT (diagnostic_id, structure_id, parcours_id) ON contributions TO ramsess_report;
GRANT SELECT (id, parcours_id, opened_on, superseded_on) ON plans TO ramsess_report;
GRANT SELECT (id, plan_id, parcours_id, structure_id, planned_acts, planned_minutes, due_on, state,
  closed_on) ON plan_actions TO ramsess_report;
GRANT SELECT (plan_action_id) ON acts TO ramsess_report;

DO $$ DECLARE item text; BEGIN
  FOREACH item IN ARRAY ARRAY['diagnostics', 'contributions', 'appraisals', 'plans', 'plan_actions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', item);
    EXECUTE format('CREATE POLICY batch ON %I FOR ALL TO ramsess_batch USING (true)', item);
  END LOOP;
  FOREACH item IN ARRAY ARRAY['diagnostics', 'contributions', 'appraisals', 'plans'] LOOP
    EXECUTE format('GRANT SELECT ON %I TO ramsess_guard', item);
    EXECUTE format('CREATE POLICY guard_reads ON %I FOR SELECT TO ramsess_guard USING (true)', item);
  END LOOP;
  FOREACH item IN ARRAY ARRAY['diagnostics', 'contributions', 'plans', 'plan_actions'] LOOP
    EXECUTE format('CREATE POLICY report ON %I FOR SELECT TO ramsess_report USING (true)', item);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON axes, agreement_manners, diagnostics, contributions, appraisals, plans, plan_actions
  TO ramsess_batch;
GRANT USAGE ON SEQUENCE diagnostics_id_seq, plans_id_seq, plan_actions_id_seq
  TO ramsess_app, ramsess_batch;
GRANT UPDATE (contributed_on, validated_on, wording, beneficiary_agreed_on, beneficiary_manner_code,
  link_hash, link_until, version) ON diagnostics TO ramsess_guard;
CREATE POLICY guard_settles ON diagnostics FOR UPDATE TO ramsess_guard USING (true)
  WITH CHECK (true);
GRANT INSERT ON appraisals TO ramsess_guard;
CREATE POLICY guard_adds ON appraisals FOR INSERT TO ramsess_guard WITH CHECK (true);

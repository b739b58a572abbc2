-- Periods: who hands in for a structure, what is settled and no longer changes (first part, as the
-- guard), then who may what.

-- The structures that the account manages, all of them for a command; never NULL.
CREATE FUNCTION sight.managed() RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(array_agg(t.id), '{}') FROM public.structures t
  WHERE session_user = 'ramsess_batch' OR (t.id = ANY ((SELECT sight.structures())::int[])
    AND t.id IN (
      SELECT g.structure_id FROM public.grants g
      WHERE g.account_id = (SELECT sight.account()) AND g.role_name = 'manager'
        AND (g.until IS NULL OR g.until >= sight.today())))
$$;

-- One at a time changes what is said of a period: who hands in, who consolidates, who seals.
CREATE FUNCTION sight.hold_period(wanted int) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT pg_advisory_xact_lock(1346719305, wanted) $$;

-- A consolidated period takes no more step: it is gone back from first.
CREATE FUNCTION sight.refuse_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM sight.hold_period(NEW.period_id);
  IF EXISTS (SELECT FROM public.periods p
      WHERE p.id = NEW.period_id AND p.consolidated_on IS NOT NULL) THEN
    RAISE 'period % is consolidated', NEW.period_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;

-- A sealed period stays what it is, with what was said of its tables.
CREATE FUNCTION sight.refuse_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  changed jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  held int := (changed ->> TG_ARGV[0])::int;
BEGIN
  PERFORM sight.hold_period(held);
  IF EXISTS (SELECT FROM public.seals s WHERE s.period_id = held) THEN
    RAISE 'period % is sealed', held USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
GRANT EXECUTE ON FUNCTION sight.managed() TO ramsess_owner, ramsess_app, ramsess_batch;
GRANT EXECUTE ON FUNCTION sight.hold_period(int) TO ramsess_owner, ramsess_batch;
GRANT EXECUTE ON FUNCTION sight.refuse_step(), sight.refuse_change() TO ramsess_owner;
-- Rows.
-- Opened, consolidated and commented by who coordinates: a command's right. Read in the network;
-- outside it, once consolidated, for what is sealed is.
GRANT SELECT ON periods TO ramsess_app, ramsess_guard, ramsess_funder, ramsess_door;
GRANT SELECT (id, kind, first_on, last_on, due_on, consolidated_on) ON periods TO ramsess_report;
CREATE POLICY app_reads ON periods FOR SELECT TO ramsess_app USING ((SELECT sight.works()));
CREATE POLICY outside_reads ON periods FOR SELECT TO ramsess_funder, ramsess_door
  USING (consolidated_on IS NOT NULL);
CREATE POLICY guard_reads ON periods FOR SELECT TO ramsess_guard USING (true);
CREATE POLICY report ON periods FOR SELECT TO ramsess_report USING (true);
CREATE TRIGGER sealed_stays BEFORE UPDATE OR DELETE ON periods
  FOR EACH ROW EXECUTE FUNCTION sight.refuse_change('id');

-- A structure's steps are its own; it is sent back by who coordinates. Figures read which
-- structures handed in, not what was said.
GRANT SELECT, INSERT ON hand_ins TO ramsess_app;
CREATE POLICY app_reads ON hand_ins FOR SELECT TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_adds ON hand_ins FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.managed())::int[])
    AND account_id = (SELECT sight.account()) AND step <> 'sent_back');
GRANT SELECT (period_id, structure_id, number, step) ON hand_ins TO ramsess_report;
CREATE POLICY report ON hand_ins FOR SELECT TO ramsess_report USING (true);
CREATE TRIGGER consolidated_stays BEFORE INSERT ON hand_ins
  FOR EACH ROW EXECUTE FUNCTION sight.refuse_step();

-- What is said of the tables is read in the report.
GRANT SELECT (period_id, table_id, text) ON table_comments TO ramsess_report;
CREATE POLICY report ON table_comments FOR SELECT TO ramsess_report USING (true);
CREATE TRIGGER sealed_stays BEFORE INSERT OR UPDATE OR DELETE ON table_comments
  FOR EACH ROW EXECUTE FUNCTION sight.refuse_change('period_id');

DO $$ DECLARE item text; BEGIN
  FOREACH item IN ARRAY ARRAY['periods', 'hand_ins', 'table_comments'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', item);
    EXECUTE format('CREATE POLICY batch ON %I FOR ALL TO ramsess_batch USING (true)', item);
  END LOOP;
END $$;
GRANT SELECT, INSERT, DELETE, UPDATE (due_on, consolidated_on, version) ON periods
  TO ramsess_batch;
GRANT SELECT, INSERT ON hand_ins TO ramsess_batch;
GRANT SELECT, INSERT, DELETE, UPDATE (text, version) ON table_comments TO ramsess_batch;
GRANT USAGE ON SEQUENCE periods_id_seq TO ramsess_batch;
GRANT USAGE ON SEQUENCE hand_ins_id_seq TO ramsess_app, ramsess_batch;

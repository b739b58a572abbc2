-- What structures say of themselves, and the resource base: who reads it, who writes it.

-- Somebody who works in the network today: in a structure, or for all of them.
CREATE FUNCTION sight.works() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sight.structures() <> '{}' OR EXISTS (
    SELECT FROM public.grants g
    WHERE g.account_id = (SELECT sight.account()) AND g.role_name = 'coordinator'
      AND (g.until IS NULL OR g.until >= sight.today()))
$$;
REVOKE ALL ON FUNCTION sight.works() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sight.works() TO ramsess_owner, ramsess_app, ramsess_batch;
-- POLICIES
GRANT SELECT ON specialities, degrees, resource_kinds
  TO ramsess_app, ramsess_door, ramsess_report, ramsess_funder, ramsess_guard;
GRANT SELECT, INSERT, UPDATE, DELETE ON specialities, degrees, resource_kinds, presentations,
  positionings, resources, resource_phases, resource_files TO ramsess_batch;
GRANT USAGE ON SEQUENCE resources_id_seq TO ramsess_app, ramsess_batch;

-- What a structure has confirmed is public; what is only proposed stays in the network.
GRANT SELECT ON presentations, positionings TO ramsess_app, ramsess_door;
GRANT INSERT, UPDATE (phone, email, website, address, commune_code, confirmed_on, version)
  ON presentations TO ramsess_app;
GRANT INSERT, UPDATE (degree_code), DELETE ON positionings TO ramsess_app;
CREATE POLICY door_reads ON presentations FOR SELECT TO ramsess_door
  USING (confirmed_on IS NOT NULL);
CREATE POLICY app_reads ON presentations FOR SELECT TO ramsess_app
  USING (confirmed_on IS NOT NULL OR (SELECT sight.works()));
CREATE POLICY app_adds ON presentations FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_changes ON presentations FOR UPDATE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY door_reads ON positionings FOR SELECT TO ramsess_door
  USING (EXISTS (SELECT FROM presentations p WHERE p.structure_id = positionings.structure_id));
CREATE POLICY app_reads ON positionings FOR SELECT TO ramsess_app
  USING (EXISTS (SELECT FROM presentations p WHERE p.structure_id = positionings.structure_id));
CREATE POLICY app_adds ON positionings FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_changes ON positionings FOR UPDATE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_removes ON positionings FOR DELETE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));

-- Resources: read by whoever works in the network, written by the structure that contributed them.
GRANT SELECT, INSERT, DELETE ON resources, resource_phases, resource_files TO ramsess_app;
GRANT UPDATE (title, kind_code, theme_code, description, search_key, link, version)
  ON resources TO ramsess_app;
CREATE POLICY app_reads ON resources FOR SELECT TO ramsess_app USING ((SELECT sight.works()));
CREATE POLICY app_adds ON resources FOR INSERT TO ramsess_app
  WITH CHECK (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_changes ON resources FOR UPDATE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));
CREATE POLICY app_removes ON resources FOR DELETE TO ramsess_app
  USING (structure_id = ANY ((SELECT sight.structures())::int[]));

-- Forced everywhere; commands see all. What belongs to a resource is seen and written with it.
DO $$ DECLARE item text; ours text; BEGIN
  FOREACH item IN ARRAY ARRAY['presentations', 'positionings', 'resources', 'resource_phases',
    'resource_files']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', item);
    EXECUTE format('CREATE POLICY batch ON %I FOR ALL TO ramsess_batch USING (true)', item);
  END LOOP;
  FOREACH item IN ARRAY ARRAY['resource_phases', 'resource_files']
  LOOP
    ours := format('(EXISTS (SELECT FROM resources r WHERE r.id = %I.resource_id AND '
      'r.structure_id = ANY ((SELECT sight.structures())::int[])))', item);
    EXECUTE format('CREATE POLICY app_reads ON %I FOR SELECT TO ramsess_app USING '
      '((SELECT sight.works()))', item);
    EXECUTE format('CREATE POLICY app_adds ON %I FOR INSERT TO ramsess_app WITH CHECK %s', item, ours);
    EXECUTE format('CREATE POLICY app_removes ON %I FOR DELETE TO ramsess_app USING %s', item, ours);
  END LOOP;
END $$;

-- Seals: what is sealed is added, all at once, and read; nobody changes or removes it (Rule 12).

-- A file, a seal or a key stays as it was written.
CREATE FUNCTION sight.refuse_to_unseal() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'Ce qui est scellé ne change plus.' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- No file is added to a seal later: its seal is of this very transaction.
CREATE FUNCTION sight.seal_at_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.seals s
    WHERE s.id = NEW.seal_id AND s.xmin = pg_current_xact_id_if_assigned()::xid
  ) THEN
    RAISE EXCEPTION 'Un bilan scellé ne reçoit plus de fichier.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

-- What anybody may know of a seal, to verify a file: which period, when, the digests. No figure.
CREATE FUNCTION sight.seals()
RETURNS TABLE (address text, manifest bytea, signature bytea, public_key bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT s.address, s.manifest, s.signature, k.public_key
  FROM public.seals s JOIN public.seal_keys k ON k.name = s.key_name
  ORDER BY s.sealed_at DESC, s.id DESC
$$;

-- The account holds the role today, in no structure's name.
CREATE FUNCTION sight.holds(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.grants g
    WHERE g.account_id = (SELECT sight.account()) AND g.role_name = wanted
      AND (g.until IS NULL OR g.until >= sight.today()))
$$;

-- Which editions the account reads: the network's is for who works in it, its lists of records are
-- the coordinator's, the Région's is the coordinator's and the Région's.
CREATE FUNCTION sight.editions() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN sight.works() THEN ARRAY['network'] ELSE '{}' END
    || CASE WHEN sight.holds('coordinator') THEN ARRAY['detail', 'region']
         WHEN sight.holds('funder') THEN ARRAY['region'] ELSE '{}' END
$$;

GRANT EXECUTE ON FUNCTION sight.refuse_to_unseal(), sight.seal_at_once() TO ramsess_owner;
GRANT EXECUTE ON FUNCTION sight.seals() TO ramsess_door;
GRANT EXECUTE ON FUNCTION sight.seals(), sight.holds(text), sight.editions()
  TO ramsess_owner, ramsess_app, ramsess_batch;

-- Rows.
CREATE TRIGGER refuse_to_unseal BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_keys
  FOR EACH STATEMENT EXECUTE FUNCTION sight.refuse_to_unseal();
CREATE TRIGGER refuse_to_unseal BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
  FOR EACH STATEMENT EXECUTE FUNCTION sight.refuse_to_unseal();
CREATE TRIGGER refuse_to_unseal BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_files
  FOR EACH STATEMENT EXECUTE FUNCTION sight.refuse_to_unseal();
CREATE TRIGGER seal_at_once BEFORE INSERT ON sealed_files
  FOR EACH ROW EXECUTE FUNCTION sight.seal_at_once();

ALTER TABLE seal_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE seals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE sealed_files ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$ DECLARE item text; BEGIN
  FOREACH item IN ARRAY ARRAY['seal_keys', 'seals', 'sealed_files'] LOOP
    EXECUTE format('CREATE POLICY batch_reads ON %I FOR SELECT TO ramsess_batch USING (true)', item);
    EXECUTE format('CREATE POLICY batch_adds ON %I FOR INSERT TO ramsess_batch WITH CHECK (true)',
      item);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO ramsess_batch', item);
  END LOOP;
  -- That a period is sealed, since when and under which address, is known to all who are inside.
  FOREACH item IN ARRAY ARRAY['seal_keys', 'seals'] LOOP
    EXECUTE format('GRANT SELECT ON %I TO ramsess_app, ramsess_guard, ramsess_report, '
      'ramsess_funder', item);
    EXECUTE format('CREATE POLICY app_reads ON %I FOR SELECT TO ramsess_app '
      'USING ((SELECT sight.account()) IS NOT NULL)', item);
    EXECUTE format('CREATE POLICY others_read ON %I FOR SELECT '
      'TO ramsess_guard, ramsess_report, ramsess_funder USING (true)', item);
  END LOOP;
END $$;
GRANT SELECT ON sealed_files TO ramsess_app, ramsess_funder;
CREATE POLICY app_reads ON sealed_files FOR SELECT TO ramsess_app
  USING (edition = ANY ((SELECT sight.editions())::text[]));
CREATE POLICY funder_reads ON sealed_files FOR SELECT TO ramsess_funder USING (edition = 'region');
GRANT USAGE ON SEQUENCE seals_id_seq, sealed_files_id_seq TO ramsess_batch;

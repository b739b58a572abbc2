-- Who sees which row. The functions answer for the signed-in account, and for nobody without one;
-- they belong to a role that may read what they need and that nobody can enter.

CREATE FUNCTION sight.setting(name text) RETURNS text
LANGUAGE sql STABLE
RETURN nullif(current_setting('ramsess.' || name, true), '');

-- The civil date in Paris (Rule 3).
CREATE FUNCTION sight.today() RETURNS date
LANGUAGE sql STABLE
RETURN (now() AT TIME ZONE 'Europe/Paris')::date;

-- The account of the living sign-in whose secret was given; NULL for nobody.
CREATE FUNCTION sight.account() RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.id FROM public.sign_ins s JOIN public.accounts a ON a.id = s.account_id
  WHERE s.token_hash = sight.setting('sign_in') AND s.revoked_at IS NULL
    AND now() < s.expires_at AND now() < s.idle_until AND a.active
$$;

-- The account that stands at the door, not signed in: known by its address, or by the secret of a
-- link or of a sign-in that waits for its second factor.
CREATE FUNCTION sight.at_the_door() RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT id FROM public.accounts
  WHERE sight.setting('door') IN (email, fs_uniquifier, fs_webauthn_user_handle, invitation_hash)
$$;

CREATE FUNCTION sight.holds(role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.grants g WHERE g.account_id = (SELECT sight.account()) AND g.role_name = role
      AND (g.until IS NULL OR g.until >= sight.today()))
$$;

-- The structures in whose name the account records, all of them for a command; never NULL.
CREATE FUNCTION sight.structures() RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(array_agg(t.id), '{}') FROM public.structures t
  WHERE session_user = 'ramsess_batch' OR t.id IN (
    SELECT g.structure_id FROM public.grants g
    WHERE g.account_id = (SELECT sight.account()) AND g.role_name IN ('adviser', 'manager')
      AND (g.until IS NULL OR g.until >= sight.today()))
$$;

-- A parcours is the business of the structures that take part in it today; its exit does not close
-- it to those that were still there.
CREATE FUNCTION sight.takes_part(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.involvements i
    WHERE i.parcours_id = wanted AND i.structure_id = ANY ((SELECT sight.structures())::int[])
      AND i.joined_on <= sight.today() AND (i.left_on IS NULL OR i.left_on >= sight.today()))
$$;

-- The account presents the code of the parcours, whose people do not refuse to be shared.
CREATE FUNCTION sight.invited(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.parcours p
    WHERE p.id = wanted AND p.reference || ' ' || p.join_code = sight.setting('presented')
      AND sight.structures() <> '{}' AND NOT EXISTS (
        SELECT FROM public.parcours_beneficiaries m
        JOIN public.acquaintances k ON k.beneficiary_id = m.beneficiary_id
        WHERE m.parcours_id = p.id AND k.structure_id = p.lead_structure_id
          AND NOT k.sharing_agreed))
$$;

-- It is seen by them, and for a moment by who presents its code.
CREATE FUNCTION sight.parcours(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$ SELECT sight.takes_part(wanted) OR sight.invited(wanted) $$;

CREATE FUNCTION sight.renew_the_code() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE public.parcours
  SET join_code = upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 8))
  WHERE id = NEW.parcours_id;
  RETURN NULL;
END
$$;

CREATE FUNCTION sight.leads(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.parcours p
    WHERE p.id = wanted AND p.lead_structure_id = ANY ((SELECT sight.structures())::int[]))
$$;

CREATE FUNCTION sight.led_by(wanted int, structure int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sight.leads(wanted) AND EXISTS (
    SELECT FROM public.parcours p WHERE p.id = wanted AND p.lead_structure_id = structure)
$$;

-- True for a structure that took part on that day.
CREATE FUNCTION sight.took_part(wanted int, structure int, day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT structure = ANY ((SELECT sight.structures())::int[]) AND EXISTS (
    SELECT FROM public.involvements i
    WHERE i.parcours_id = wanted AND i.structure_id = structure
      AND i.joined_on <= day AND (i.left_on IS NULL OR i.left_on >= day))
$$;

-- A project of this very transaction, which no parcours has yet: nobody else's can be taken.
CREATE FUNCTION sight.new_project(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.projects p
    WHERE p.id = wanted AND p.xmin = pg_current_xact_id_if_assigned()::xid
  ) AND NOT EXISTS (SELECT FROM public.parcours p WHERE p.project_id = wanted)
$$;

CREATE FUNCTION sight.project(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.parcours p WHERE p.project_id = wanted AND sight.parcours(p.id))
$$;

-- An act is seen by the structure that recorded it and by those that performed it.
CREATE FUNCTION sight.act(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.acts a
    WHERE a.id = wanted AND a.structure_id = ANY ((SELECT sight.structures())::int[])
  ) OR EXISTS (
    SELECT FROM public.act_advisers s
    WHERE s.act_id = wanted AND s.structure_id = ANY ((SELECT sight.structures())::int[]))
$$;

CREATE FUNCTION sight.records(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.acts a
    WHERE a.id = wanted AND a.structure_id = ANY ((SELECT sight.structures())::int[]))
$$;

-- A person is seen by the structures that see a parcours of hers or an act that names her, that
-- noted her at a session, that entered her, or whose workbook names her.
CREATE FUNCTION sight.person(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 1000 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.acquaintances k
    WHERE k.beneficiary_id = wanted AND k.structure_id = ANY ((SELECT sight.structures())::int[])
  ) OR EXISTS (
    SELECT FROM public.parcours_beneficiaries m
    JOIN public.involvements i ON i.parcours_id = m.parcours_id
    WHERE m.beneficiary_id = wanted AND i.structure_id = ANY ((SELECT sight.structures())::int[])
      AND i.joined_on <= sight.today() AND (i.left_on IS NULL OR i.left_on >= sight.today())
  ) OR EXISTS (
    SELECT FROM public.act_beneficiaries n WHERE n.beneficiary_id = wanted AND sight.act(n.act_id)
  ) OR EXISTS (
    SELECT FROM public.attendances t
    WHERE t.beneficiary_id = wanted AND t.structure_id = ANY ((SELECT sight.structures())::int[])
  ) OR EXISTS (
    SELECT FROM public.exchange_keys e
    WHERE e.record_id = wanted AND e.sheet = 'Bénéficiaires'
      AND e.structure_id = ANY ((SELECT sight.structures())::int[]))
$$;

-- True for a person written in this very transaction: nobody else knows her.
CREATE FUNCTION sight.newborn(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.beneficiaries b
    WHERE b.id = wanted AND b.xmin = pg_current_xact_id_if_assigned()::xid)
$$;

-- Whether the network holds exactly this identity, *but* not that record. It is told to who
-- already knows the name, the first name and the birth date: a person counts once (Rule 1).
CREATE FUNCTION sight.known(name text, birth date, but int DEFAULT NULL) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.beneficiaries b
    WHERE b.name_key = name AND b.birth_date = birth AND b.id IS DISTINCT FROM but
      AND sight.structures() <> '{}')
$$;

-- Let one of the account's structures know the person of exactly this identity; her id, or NULL.
CREATE FUNCTION sight.meet(name text, birth date, structure int) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found_id int;
BEGIN
  SELECT b.id INTO found_id FROM public.beneficiaries b
  WHERE b.name_key = name AND b.birth_date = birth AND structure = ANY ((SELECT sight.structures())::int[]);
  IF found_id IS NOT NULL THEN
    INSERT INTO public.acquaintances (beneficiary_id, structure_id, since)
    VALUES (found_id, structure, sight.today()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN found_id;
END
$$;

-- What a parcours' other structures did: day, type, who and how long; never the note, nor whom
-- the act names. A row for each adviser, the acts that the account sees left out.
CREATE FUNCTION sight.work_of_others(wanted int)
RETURNS TABLE (act_id int, done_on date, type_code text, adviser text, structure text, minutes int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.id, a.done_on, a.type_code, trim(v.first_name || ' ' || v.last_name), t.name, s.minutes
  FROM public.acts a
  JOIN public.act_advisers s ON s.act_id = a.id
  JOIN public.advisers v ON v.id = s.adviser_id
  JOIN public.structures t ON t.id = s.structure_id
  WHERE a.parcours_id = wanted AND sight.parcours(wanted) AND NOT sight.act(a.id)
  ORDER BY a.done_on, a.id, s.position
$$;

-- How many known people each host of a session noted, and (structure NULL) how many in all.
CREATE FUNCTION sight.attendance(wanted int) RETURNS TABLE (structure int, people int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.structure_id, count(DISTINCT t.beneficiary_id)::int FROM public.attendances t
  WHERE t.act_id = wanted AND sight.act(wanted)
  GROUP BY GROUPING SETS ((t.structure_id), ())
$$;

-- A host noted somebody, or heads, at a session.
CREATE FUNCTION sight.noted_by(wanted int, host int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT host <> ALL ((SELECT sight.structures())::int[]) AND (EXISTS (
    SELECT FROM public.session_hosts h
    WHERE h.act_id = wanted AND h.structure_id = host AND h.anonymous_count > 0
  ) OR EXISTS (
    SELECT FROM public.attendances t WHERE t.act_id = wanted AND t.structure_id = host))
$$;

CREATE FUNCTION sight.noted_by_others(wanted int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.session_hosts h
    WHERE h.act_id = wanted AND sight.noted_by(wanted, h.structure_id))
$$;

-- The last day on which a structure did something on a parcours that the account sees (or anybody
-- did, structure NULL): an exit or a departure cannot come before.
CREATE FUNCTION sight.last_act(wanted int, structure int DEFAULT NULL) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT max(a.done_on) FROM public.acts a
  WHERE a.parcours_id = wanted AND sight.parcours(wanted)
    AND (structure IS NULL OR a.structure_id = structure OR EXISTS (
      SELECT FROM public.act_advisers s WHERE s.act_id = a.id AND s.structure_id = structure))
$$;

-- The name of who did what an event of the journal says, to those who may read that event.
CREATE FUNCTION sight.who(event bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.name FROM public.audit_details d JOIN public.accounts a ON a.id = d.account_id
  WHERE d.event_id = event AND (session_user = 'ramsess_batch' OR sight.person(d.person_id))
$$;

-- Nobody notes a deed in somebody else's name, in nobody's, or for a structure that is not hers.
CREATE FUNCTION sight.sign_the_journal() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF session_user = 'ramsess_app' AND (
    sight.account() IS NULL OR NEW.account_id IS DISTINCT FROM sight.account()
    OR NOT (NEW.structure_id IS NULL OR EXISTS (
      SELECT FROM public.grants g
      WHERE g.account_id = NEW.account_id AND g.structure_id = NEW.structure_id)))
  THEN
    RAISE EXCEPTION 'Le journal ne se signe pas pour un autre.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

-- What the account sees, as sets: policies read them by index, or once a statement. Their owner
-- reads the tables, whoever asks: a policy that asked another table would ask its policy in turn.
CREATE VIEW sight.my_parcours WITH (security_barrier) AS
  SELECT i.parcours_id FROM public.involvements i
  WHERE i.structure_id = ANY ((SELECT sight.structures())::int[])
    AND i.joined_on <= sight.today() AND (i.left_on IS NULL OR i.left_on >= sight.today())
  UNION ALL
  SELECT p.id FROM public.parcours p
  WHERE p.reference = split_part(sight.setting('presented'), ' ', 1) AND sight.invited(p.id);

CREATE VIEW sight.my_projects WITH (security_barrier) AS
  SELECT p.project_id FROM public.parcours p
  WHERE EXISTS (SELECT FROM sight.my_parcours v WHERE v.parcours_id = p.id);

CREATE VIEW sight.my_acts WITH (security_barrier) AS
  SELECT a.id AS act_id FROM public.acts a
  WHERE a.structure_id = ANY ((SELECT sight.structures())::int[])
  UNION ALL
  SELECT s.act_id FROM public.act_advisers s
  WHERE s.structure_id = ANY ((SELECT sight.structures())::int[]);

CREATE VIEW sight.my_people WITH (security_barrier) AS
  SELECT k.beneficiary_id FROM public.acquaintances k
  WHERE k.structure_id = ANY ((SELECT sight.structures())::int[])
  UNION ALL
  SELECT m.beneficiary_id FROM public.parcours_beneficiaries m
  WHERE EXISTS (
    SELECT FROM public.involvements i
    WHERE i.parcours_id = m.parcours_id AND i.structure_id = ANY ((SELECT sight.structures())::int[])
      AND i.joined_on <= sight.today() AND (i.left_on IS NULL OR i.left_on >= sight.today()))
  UNION ALL
  SELECT n.beneficiary_id FROM public.act_beneficiaries n
  WHERE EXISTS (SELECT FROM sight.my_acts v WHERE v.act_id = n.act_id)
  UNION ALL
  SELECT t.beneficiary_id FROM public.attendances t
  WHERE t.structure_id = ANY ((SELECT sight.structures())::int[])
  UNION ALL
  SELECT e.record_id FROM public.exchange_keys e
  WHERE e.sheet = 'Bénéficiaires' AND e.structure_id = ANY ((SELECT sight.structures())::int[]);

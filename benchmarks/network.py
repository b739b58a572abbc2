"""A network of any size, written by the database itself in seconds."""

from __future__ import annotations

from sqlalchemy import Connection, text

STRUCTURES, ADVISERS, YEARS = 12, 60, 10
FIRST_YEAR = 2016

_STATEMENTS = (
    """
    INSERT INTO advisers (email, last_name, first_name)
    SELECT 'conseil' || n || '@demo.example', 'Exemple', 'Fictif'
    FROM generate_series(1, :advisers) n
    """,
    """
    INSERT INTO beneficiaries
      (last_name, first_name, name_key, search_key, sex_code, situation_code, education_code,
       phone, email, version)
    SELECT 'Fictif' || n, 'Exemple', 'fictif' || n || '|exemple', 'fictif' || n || ' exemple',
      'F', 'SAL', 'N4', '', '', 1
    FROM generate_series(1, :parcours) n
    """,
    """
    INSERT INTO projects (title, search_key)
    SELECT 'Projet fictif ' || n, 'projet fictif ' || n FROM generate_series(1, :parcours) n
    """,
    """
    INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, entry_phase_code,
      entry_legal_form_code, entry_sector_code, entry_commune_code, origin, exited_on, outcome_code,
      jobs_created, jobs_consolidated, version)
    SELECT 'P-' || extract(year FROM day) || '-' || lpad(n::text, 6, '0'), project,
      1 + n % :structures, day, (array['EME','FAI','MON','FIN'])[1 + n % 4],
      (array['ASSO','SCOP','SARL'])[1 + n % 3], (array['AGR','CUL','NUM','SOC','TOU'])[1 + n % 5],
      commune, '', day + 200 + n % 300, (array['CRE','ABA','EMP'])[1 + n % 3], n % 3, 0, 1
    FROM (
      SELECT n, n + base AS project,
        make_date(:first_year, 1, 1) + (n * 7919 % (365 * :years)) AS day,
        communes[1 + n % array_length(communes, 1)] AS commune
      FROM generate_series(1, :parcours) n,
        (SELECT min(id) - 1 AS base FROM projects) p,
        (SELECT array_agg(code ORDER BY code) AS communes FROM communes) c
    ) x
    """,
    """
    INSERT INTO parcours_beneficiaries (parcours_id, beneficiary_id, age, sex_code, situation_code,
      education_code, commune_code)
    SELECT p.id, b.id, 18 + p.id % 50, (array['F','M','NR'])[1 + p.id % 3],
      (array['SAL','DE1','DE2','ETU'])[1 + p.id % 4], (array['N3','N4','N5','NR'])[1 + p.id % 4],
      p.entry_commune_code
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM parcours) p
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM beneficiaries) b USING (n)
    """,
    """
    INSERT INTO involvements (parcours_id, structure_id, joined_on)
    SELECT id, lead_structure_id, entered_on FROM parcours
    UNION ALL
    SELECT id, 1 + lead_structure_id % :structures, entered_on + 30 FROM parcours WHERE id % 4 = 0
    """,
    """
    INSERT INTO phase_changes (parcours_id, phase_code, reached_on)
    SELECT id, 'DEM', entered_on + 90 FROM parcours
    """,
    """
    INSERT INTO acts (done_on, type_code, structure_id, parcours_id, scheme_code, modality_code,
      commune_code, anonymous_count, note, version)
    SELECT p.entered_on + (n * 31 % 200)::int, t.types[1 + n % array_length(t.types, 1)],
      p.lead_structure_id, p.id, (array['DRA','DRA','DLA','FSE'])[1 + n % 4],
      (array['P','T','V'])[1 + n % 3], p.entry_commune_code, 0, '', 1
    FROM generate_series(1, :acts) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS i FROM parcours) p
      ON p.i = 1 + n % :parcours,
    (SELECT array_agg(code ORDER BY code) AS types FROM act_types WHERE kind = 'I') t
    """,
    """
    INSERT INTO act_advisers (act_id, adviser_id, structure_id, recorded_by_id, position, minutes)
    SELECT a.id, v.id, a.structure_id, a.structure_id, 0, 30 + a.id % 90
    FROM acts a JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM advisers) v
      ON v.n = a.id % :advisers
    UNION ALL
    SELECT a.id, v.id, 1 + a.structure_id % :structures, a.structure_id, 1, 60
    FROM acts a JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM advisers) v
      ON v.n = (a.id + 1) % :advisers WHERE a.id % 10 = 0
    """,
    """
    INSERT INTO group_sessions (act_id, title, minutes)
    SELECT id, 'Atelier fictif', 120 FROM acts WHERE id % 50 = 0
    """,
    """
    INSERT INTO session_hosts (act_id, structure_id, anonymous_count)
    SELECT g.act_id, a.structure_id, g.act_id % 6
    FROM group_sessions g JOIN acts a ON a.id = g.act_id
    """,
    """
    INSERT INTO attendances (act_id, beneficiary_id, structure_id, sex_code, situation_code,
      education_code)
    SELECT DISTINCT h.act_id, b.id, h.structure_id, 'NR', 'NR', 'NR'
    FROM session_hosts h CROSS JOIN generate_series(1, 5) k
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM beneficiaries) b
      ON b.n = 1 + (h.act_id * 7 + k * 13) % :parcours
    """,
    "ANALYZE",
)


def fill(connection: Connection, acts: int, years: int = YEARS) -> None:
    """Write a network of *acts* acts over *years* years, one parcours for eight acts."""
    size = {
        "acts": acts,
        "parcours": acts // 8,
        "structures": STRUCTURES,
        "advisers": ADVISERS,
        "years": years,
        "first_year": FIRST_YEAR,
    }
    for statement in _STATEMENTS:
        wanted = {name: value for name, value in size.items() if f":{name}" in statement}
        connection.execute(text(statement), wanted)

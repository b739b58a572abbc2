"""What a report reads of each table: column → SQL, and what it is; no name, no text."""

from __future__ import annotations

from ramsess.reports.columns import Columns

ACTS: Columns = {
    "id": ("a.id", "id"),
    "day": ("a.done_on", "day"),
    "type": ("a.type_code", "act_types"),
    "scheme": ("a.scheme_code", "schemes"),
    "modality": ("a.modality_code", "modalities"),
    "commune": ("coalesce(a.commune_code, p.entry_commune_code)", "communes"),
    "parcours": ("a.parcours_id", "id"),
    "action": ("a.plan_action_id", "id"),
    "anonymous": ("coalesce(h.anonymous, a.anonymous_count)", "int"),
    "session": ("g.act_id IS NOT NULL", "flag"),
    "recorded": ("a.recorded_at", "moment"),
}
SHARES: Columns = {
    "act": ("s.act_id", "id"),
    "adviser": ("s.adviser_id", "id"),
    "structure": ("s.structure_id", "id"),
    "minutes": ("s.minutes", "int"),
}
PARCOURS: Columns = {
    "id": ("p.id", "id"),
    "entered": ("p.entered_on", "day"),
    "exited": ("p.exited_on", "day"),
    "lead": ("p.lead_structure_id", "id"),
    "phase": ("p.entry_phase_code", "phases"),
    "sector": ("p.entry_sector_code", "sectors"),
    "legal_form": ("p.entry_legal_form_code", "legal_forms"),
    "commune": ("p.entry_commune_code", "communes"),
    "outcome": ("p.outcome_code", "outcomes"),
    "jobs_created": ("p.jobs_created * 100", "int"),
    "jobs_consolidated": ("p.jobs_consolidated * 100", "int"),
}
INVOLVEMENTS: Columns = {
    "parcours": ("i.parcours_id", "id"),
    "structure": ("i.structure_id", "id"),
    "joined": ("i.joined_on", "day"),
    "left": ("coalesce(i.left_on, p.exited_on)", "day"),
}
MEMBERS: Columns = {
    "parcours": ("m.parcours_id", "id"),
    "person": ("m.beneficiary_id", "id"),
    "age": ("m.age", "int"),
    "sex": ("m.sex_code", "sexes"),
    "situation": ("m.situation_code", "situations"),
    "education": ("m.education_code", "educations"),
    "commune": ("m.commune_code", "communes"),
    "rsa": ("m.rsa", "flag"),
    "qpv": ("m.qpv", "flag"),
}
PHASES: Columns = {
    "parcours": ("c.parcours_id", "id"),
    "day": ("c.reached_on", "day"),
    "phase": ("c.phase_code", "phases"),
}
FUNDINGS: Columns = {
    "id": ("f.id", "id"),
    "parcours": ("f.parcours_id", "id"),
    "source": ("f.source_code", "funding_sources"),
    "cents": ("f.cents", "id"),
}
ASSIGNMENTS: Columns = {
    "id": ("t.id", "id"),
    "adviser": ("t.adviser_id", "id"),
    "structure": ("t.structure_id", "id"),
    "share": ("t.share", "int"),
    "since": ("coalesce(t.from_on, date '0001-01-01')", "day"),
    "until": ("t.to_on", "day"),
}
DIAGNOSTICS: Columns = {
    "diagnostic": ("d.id", "id"),
    "parcours": ("d.parcours_id", "id"),
    "opened": ("d.opened_on", "day"),
    "contributed": ("d.contributed_on", "day"),
    "validated": ("d.validated_on", "day"),
}
CONTRIBUTIONS: Columns = {
    "diagnostic": ("b.diagnostic_id", "id"),
    "parcours": ("b.parcours_id", "id"),
    "structure": ("b.structure_id", "id"),
}
PLANS: Columns = {"id": ("n.id", "id"), "parcours": ("n.parcours_id", "id")}
ACTIONS: Columns = {
    "id": ("x.id", "id"),
    "plan": ("x.plan_id", "id"),
    "parcours": ("x.parcours_id", "id"),
    "structure": ("x.structure_id", "id"),
    "acts": ("x.planned_acts", "int"),
    "minutes": ("x.planned_minutes", "int"),
    "due": ("x.due_on", "day"),
    "closed": ("x.closed_on", "day"),
    "done": ("x.state = 'done'", "flag"),
}
# What came in workbooks.
HANDED_IN: Columns = {"act": ("k.record_id", "id")}
NAMED: Columns = {"act": ("n.act_id", "id"), "person": ("n.beneficiary_id", "id")}

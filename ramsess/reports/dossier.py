"""What is held on one person, as a document that she can read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from ramsess.models.audit import AUDITED
from ramsess.models.calendar import PARIS
from ramsess.reports.palette import SLATE
from ramsess.reports.pdf_plain import Fact, PlainDocument
from ramsess.reports.pdf_text import Prose, Subheading
from ramsess.reports.period import french_date

# The French of tables and columns; one without French is told under its own name.
TABLES = {
    "acquaintances": "Structures qui vous connaissent",
    "act_advisers": "Temps passé pour vous",
    "act_beneficiaries": "Accueils : ce qui était noté de vous ce jour-là",
    "acts": "Actes d’accompagnement",
    "appraisals": "Diagnostic partagé : ce que chaque structure en dit, axe par axe",
    "attendances": "Présences en séance : ce qui était noté de vous ce jour-là",
    "changes": "Ce qui a changé sur votre fiche",
    "corrections": "Corrections de ce qui était déjà au bilan",
    "contributions": "Diagnostic partagé : structures qui y contribuent",
    "diagnostics": "Diagnostics partagés",
    "drafts": "Saisies en cours qui parlent de vous",
    "decisions": "Décisions de réunions du réseau",
    "duplicate_pairs": "Fiches qui ressemblaient à la vôtre",
    "enrolments": "Séances auxquelles vous étiez attendu·e",
    "erasure_requests": "Demandes d’effacement",
    "exchange_keys": "Vos références dans les classeurs des structures",
    "fundings": "Financements de votre projet",
    "group_sessions": "Séances collectives",
    "identity_archives": "Identité mise à part",
    "involvements": "Structures qui prennent part à votre parcours",
    "orientations": "Orientations vers une structure ou un partenaire",
    "meetings": "Comptes rendus de réunions du réseau",
    "messages": "Échanges entre structures à votre sujet",
    "parcours": "Parcours",
    "parcours_beneficiaries": "Ce qui était noté de vous à l’entrée en parcours",
    "phase_changes": "Étapes de votre parcours",
    "plan_actions": "Plan d’accompagnement : actions",
    "plans": "Plans d’accompagnement",
    "projects": "Projets",
    "session_hosts": "Structures qui animaient les séances",
    "session_slots": "Tranches horaires des séances",
    "signed_sheets": "Feuilles d’émargement signées (elles nomment aussi d’autres personnes)",
    "slot_attendances": "Tranches horaires où vous étiez là",
    "audit_details": "Qui a lu ou modifié votre dossier",
    "audit_events": "Quand votre dossier a été lu ou modifié",
}
COLUMNS = {
    "last_name": "Nom", "first_name": "Prénom", "birth_date": "Date de naissance", "age": "Âge",
    "sex_code": "Sexe", "situation_code": "Situation", "education_code": "Niveau de formation",
    "commune_code": "Commune", "rsa": "Allocataire du RSA", "qpv": "Réside en QPV",
    "phone": "Téléphone", "email": "Courriel", "public_id": "Référence", "structure": "Structure",
    "since": "Depuis le", "informed_on": "Informée le", "sharing_agreed": "Partage accepté",
    "done_on": "Date", "type_code": "Type", "scheme_code": "Dispositif",
    "modality_code": "Modalité", "note": "Note", "minutes": "Durée (minutes)",
    "recorded_at": "Enregistré le", "recorded_by": "Enregistré par", "reference": "Référence",
    "entered_on": "Entrée le", "exited_on": "Sortie le", "outcome_code": "Motif de sortie",
    "origin": "Prescripteur", "lead_structure": "Structure référente", "title": "Intitulé",
    "siret": "SIRET", "sector_code": "Secteur", "legal_form_code": "Forme juridique",
    "collective": "Projet collectif", "entry_phase_code": "Phase à l’entrée",
    "entry_legal_form_code": "Forme juridique à l’entrée",
    "entry_sector_code": "Secteur à l’entrée", "entry_commune_code": "Commune à l’entrée",
    "jobs_created": "Emplois créés (ETP)", "jobs_consolidated": "Emplois consolidés (ETP)",
    "joined_on": "Depuis le", "left_on": "Jusqu’au", "phase_code": "Phase",
    "reached_on": "Atteinte le", "source_code": "Origine", "cents": "Montant (centimes)",
    "obtained_on": "Obtenu le", "label": "Précision", "sheet": "Feuille",
    "local_id": "Référence du classeur", "asked_at": "Demandé le", "reason_code": "Motif",
    "answer": "Réponse", "answered_at": "Répondu le", "archived_on": "Mise à part le",
    "identity": "Identité", "anonymous_count": "Personnes sans nom", "action": "Action",
    "number": "Version", "opened_on": "Ouvert le", "contributed_on": "Contributions remises le",
    "validated_on": "Validé le", "synthesis": "Synthèse",
    "beneficiary_agreed_on": "Votre accord, le", "beneficiary_manner_code": "Donné",
    "link_until": "Lien valable jusqu’au", "wording": "Numéro de rédaction",
    "invited_on": "Invitée le", "handed_in_on": "Contribution remise le", "agreed_on": "Validé le",
    "agreed_wording": "Numéro de rédaction validée", "axis_code": "Axe", "level": "Maturité",
    "strengths": "Points forts", "weaknesses": "Points faibles", "needs": "Besoins",
    "superseded_on": "Remplacé le", "review_on": "Prochain point d’étape",
    "objective": "Objectif",
    "planned_acts": "Actes prévus", "planned_minutes": "Temps prévu (minutes)",
    "due_on": "Échéance", "state": "État", "closed_on": "Faite ou abandonnée le",
    "diagnostic_id": "Diagnostic (n° interne)", "plan_id": "Plan (n° interne)",
    "first_id": "Première version (n° interne)", "plan_action_id": "Action (n° interne)",
    "id": "Numéro interne", "version": "Numéro de version", "project_id": "Projet (n° interne)",
    "parcours_id": "Parcours (n° interne)", "act_id": "Acte (n° interne)",
    "record_id": "Enregistrement (n° interne)", "person_id": "Personne (n° interne)",
    "beneficiary_id": "Personne (n° interne)", "name_key": "Nom pour comparer",
    "search_key": "Texte pour chercher", "request_key": "Clé du formulaire",
    "from_structure": "De la part de", "to_structure": "Vers", "partner_code": "Vers",
    "reason": "Motif", "consent_on": "Votre accord, le", "proposed_on": "Proposée le",
    "answered_on": "Répondu le", "answer_note": "Précisions",
    "position": "Rang", "text": "Message", "sent_at": "Écrit le", "withdrawn_at": "Retiré le",
    "session_id": "Séance (n° interne)",
    "summary": "Compte rendu",
    "starts_at": "De", "ends_at": "À", "kind": "Nature",
    "operation": "Opération (n° interne)", "noun": "Sur", "before": "Avant", "after": "Après",
    "made_on": "Faite le", "was": "Était noté", "should_be": "Aurait dû être",
    "acts": "Actes (±)", "sessions": "Séances (±)", "attendances": "Présences (±)",
    "parcours": "Parcours (±)",
    "filed_at": "Déposée le", "form": "Formulaire", "updated_at": "Gardé le",
    "nameless_since": "Sans identité depuis le", "at": "Le",
}  # fmt: skip
# What tells her nothing: keys between tables and the journal's own. They are in the JSON.
TECHNICAL = {
    "id", "version", "project_id", "parcours_id", "act_id", "session_id", "record_id", "person_id",
    "beneficiary_id", "event_id", "name_key", "search_key", "request_key", "position", "record",
    "diagnostic_id", "plan_id", "first_id", "plan_action_id", "wording", "agreed_wording",
    "salt", "commitment", "previous", "digest", "erased_at", "nameless_since",
}  # fmt: skip
JOURNAL, DETAILS = "audit_events", "audit_details"


def write_dossier(
    person: Mapping[str, Any],
    records: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    reference: str,
    made_on: dt.date,
    network: str,
    contact: str,
) -> bytes:
    """The PDF of an export: *person* and *records* as ``actions.access`` gathers them."""
    intro = (
        f"Établi le {french_date(made_on)}. Voici tout ce que {network} tient sur vous dans "
        "RAMSESS. Les noms d’autres personnes n’y figurent pas. Pour corriger ou faire effacer, "
        f"écrivez à : {contact}. Les clés techniques sont dans l’export de données (JSON)."
    )
    records = _with_one_journal(records)
    story: list[Flowable] = [
        Prose(intro, size=10, after=10),
        Subheading("Votre fiche"),
        *_facts(person),
    ]
    for table, rows in records.items():
        if not rows:
            continue
        story += [CondPageBreak(80), Spacer(0, 10), Subheading(TABLES.get(table, table))]
        for number, row in enumerate(rows, 1):
            if len(rows) > 1:
                story.append(Prose(f"{number} / {len(rows)}", size=8.5, colour=SLATE))
            story += [*_facts(row), Spacer(0, 6)]
    absent = [TABLES.get(table, table) for table, rows in records.items() if not rows]
    if absent:
        story += [Spacer(0, 8), Prose("Rien n’est noté sous : " + " ; ".join(absent) + ".", size=9)]
    footer = f"Données tenues sur la personne de référence {reference}"
    title = "Ce que RAMSESS tient sur vous"
    return PlainDocument(title, made_on=made_on, footer=footer).write(story)


def _with_one_journal(
    records: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The journal as one list: when, what, for which structure."""
    whose = {row["event_id"]: row for row in records.get(DETAILS, ())}
    events = [
        {
            "at": row["at"],
            "action": AUDITED.get(row["action"], "Autre opération"),
            "structure": whose[row["id"]].get("structure") if row["id"] in whose else None,
        }
        for row in records.get(JOURNAL, ())
    ]
    others = {name: rows for name, rows in records.items() if name not in (JOURNAL, DETAILS)}
    return {**others, DETAILS: events} if DETAILS in records else others


def _facts(row: Mapping[str, Any]) -> list[Flowable]:
    return [
        Fact(COLUMNS.get(name, name), _said(row.get(f"{name}_label", value)))
        for name, value in row.items()
        if name not in TECHNICAL
        and not (name.endswith("_label") and name.removesuffix("_label") in row)
    ]


def _said(value: Any) -> str:
    if value is None or value == "":
        return "non renseigné"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Mapping):
        return " ; ".join(f"{COLUMNS.get(key, key)} : {_said(item)}" for key, item in value.items())
    text = str(value)
    with suppress(ValueError):
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo:
            moment = moment.astimezone(PARIS)
            return f"{french_date(moment.date())} à {moment:%H h %M}"
    try:
        return french_date(dt.date.fromisoformat(text))
    except ValueError:
        return text

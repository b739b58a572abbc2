"""The diagnostic to hand over and the plan to sign, as A4 documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from ramsess.models import Axis, Diagnostic, Plan, PlanAction
from ramsess.models.plan import STATES
from ramsess.reports.chart_profile import TITLE, Profile
from ramsess.reports.numbers import figure
from ramsess.reports.palette import SLATE
from ramsess.reports.pdf_plain import WIDTH, Fact, Lines, Passage, PlainDocument
from ramsess.reports.pdf_text import Prose, Subheading
from ramsess.reports.period import french_date
from ramsess.reports.table import Unit

DIAGNOSTIC_STATES = {
    "draft": "brouillon",
    "contributed": "contributions remises, en attente de validation",
    "validated": "validé",
}
SAID = (("strengths", "Points forts"), ("weaknesses", "Points faibles"), ("needs", "Besoins"))


def write_diagnostic(diagnostic: Diagnostic, axes: Sequence[Axis], *, made_on: dt.date) -> bytes:
    """The diagnostic: synthesis, profile, then each axis with every structure's words."""
    parcours = diagnostic.parcours
    profile = Profile.of(diagnostic, axes)
    story: list[Flowable] = [
        *_about(parcours.project.title, parcours.reference, parcours.lead.name),
        Fact("Personnes", ", ".join(one.name for one in parcours.beneficiaries)),
        Fact("Version", f"{diagnostic.number}, ouverte le {french_date(diagnostic.opened_on)}"),
        Fact("État", DIAGNOSTIC_STATES[diagnostic.state]),
        Spacer(0, 10),
        Subheading("Synthèse"),
        *_text(diagnostic.synthesis or "Pas encore écrite."),
        Spacer(0, 10),
    ]
    if not profile.is_empty:
        story.append(KeepTogether([Subheading(TITLE), profile.drawing(WIDTH)]))
    for axis in axes:
        story += [CondPageBreak(90), Spacer(0, 10), Subheading(axis.label)]
        for part in diagnostic.contributions:
            said = part.on(axis.code)
            level = str(said.level) if said and said.level else "non évaluée"
            story.append(Fact(part.structure.name, f"Maturité : {level}"))
            for name, label in SAID:
                text = getattr(said, name) if said else ""
                if text:
                    story += _text(text, label)
            story.append(Spacer(0, 4))
    story += [CondPageBreak(120), Spacer(0, 12), Subheading("Validations")]
    for part in diagnostic.contributions:
        agreed = part.agreed_on if part.agrees else None
        said_so = f"validé le {french_date(agreed)}" if agreed else "—"
        story.append(Fact(part.structure.name, said_so))
    story.append(Fact("La personne accompagnée", _agreement(diagnostic)))
    footer = f"Diagnostic partagé {parcours.reference}, version {diagnostic.number}"
    return PlainDocument("Diagnostic partagé", made_on=made_on, footer=footer).write(story)


def write_plan(plan: Plan, done: Mapping[int, tuple[int, int]], *, made_on: dt.date) -> bytes:
    """The plan: each action and its progress, then a place to sign for everybody."""
    parcours = plan.parcours
    story: list[Flowable] = [
        *_about(parcours.project.title, parcours.reference, parcours.lead.name),
        Fact("Version", f"{plan.number}, établie le {french_date(plan.opened_on)}"),
        Fact("Suit", f"le diagnostic partagé, version {plan.diagnostic.number}"),
        Fact("Prochain point d’étape", french_date(plan.review_on) if plan.review_on else "—"),
    ]
    if plan.reason:
        story += [Spacer(0, 8), Subheading("Ce que le point d’étape a montré"), *_text(plan.reason)]
    for number, action in enumerate(plan.actions, 1):
        story += [CondPageBreak(90), Spacer(0, 10), Subheading(f"Action {number}")]
        story += _action(action, done.get(action.root_id, (0, 0)))
    if not plan.actions:
        story.append(Prose("Aucune action pour l’instant.", colour=SLATE))
    signing = {action.structure.name for action in plan.actions} | {parcours.lead.name}
    people = [one.name for one in parcours.beneficiaries if one.nameless_since is None]
    story += [CondPageBreak(60 + 60 * (len(signing) + 1)), Spacer(0, 14), Subheading("Signatures")]
    for who in (*sorted(signing), *people):
        story += [Lines([(f"{who}, le", ""), ("Signature :", "")], spacing=26), Spacer(0, 8)]
    footer = f"Plan d’accompagnement {parcours.reference}, version {plan.number}"
    return PlainDocument("Plan d’accompagnement", made_on=made_on, footer=footer).write(story)


def _about(title: str, reference: str, lead: str) -> list[Flowable]:
    return [
        Fact("Projet", title),
        Fact("Parcours", reference),
        Fact("Structure référente", lead),
    ]


def _action(action: PlanAction, done: tuple[int, int]) -> list[Flowable]:
    acts, minutes = done
    state = STATES[action.state]
    if action.closed_on:
        state = f"{state} le {french_date(action.closed_on)}"
    return [
        *_text(action.objective, "Objectif"),
        Fact("Structure responsable", action.structure.name),
        *([Fact("Axe", action.axis.label)] if action.axis else []),
        *([Fact("Type d’acte", action.type.label)] if action.type else []),
        Fact("Échéance", french_date(action.due_on)),
        Fact("Prévu", _amount(action.planned_acts, action.planned_minutes)),
        Fact("Fait", _amount(acts, minutes)),
        Fact("État", state),
    ]


def _amount(acts: int, minutes: int) -> str:
    hours = figure(minutes, Unit.MINUTES) if minutes else "0 h"
    return f"{acts} acte{'s' if acts > 1 else ''}, {hours}"


def _agreement(diagnostic: Diagnostic) -> str:
    if diagnostic.beneficiary_agreed_on is None or diagnostic.beneficiary_manner is None:
        return "—"
    day = french_date(diagnostic.beneficiary_agreed_on)
    return f"d’accord le {day}, {diagnostic.beneficiary_manner.label.lower()}"


def _text(text: str, label: str = "") -> list[Flowable]:
    """A text of several lines: under its label on the left, or over the whole width."""
    lines = [line for line in text.split("\n") if line.strip()] or [""]
    if not label:
        return [Passage(line) for line in lines]
    return [Fact(label if place == 0 else "", line) for place, line in enumerate(lines)]

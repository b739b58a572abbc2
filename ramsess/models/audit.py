"""The journal of who read or changed which record: a chain of events, and their details apart."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.account import Account
from ramsess.models.structure import Structure

ORIGIN = "0" * 64

# What is noted, in the words of the screens. A code once used stays.
AUDITED = {
    "search_people": "Recherche de personnes",
    "search_parcours": "Recherche de parcours",
    "search_records": "Recherche de tout ce qui répond",
    "export_list": "Export d’une liste",
    "keep_list": "Liste gardée",
    "rename_list": "Liste gardée renommée",
    "remove_list": "Liste gardée supprimée",
    "make_token": "Jeton d’accès créé pour un programme",
    "revoke_token": "Jeton d’accès retiré",
    "read_by_program": "Liste lue par un programme",
    "download_sealed": "Téléchargement d’un bilan scellé",
    "read_person": "Consultation de la fiche",
    "record_person": "Enregistrement de la fiche",
    "correct_person": "Correction de la fiche",
    "read_duplicates": "Consultation des doublons possibles",
    "oversee_duplicates": "Consultation des doublons possibles du réseau",
    "compare_people": "Comparaison de deux fiches",
    "tell_people_apart": "Deux fiches reconnues comme deux personnes",
    "merge_people": "Fusion de deux fiches",
    "undo_merge": "Fusion de deux fiches défaite",
    "read_match": "Consultation d’un rapprochement proposé",
    "confirm_match": "Rapprochement confirmé",
    "refuse_match": "Rapprochement refusé",
    "read_person_journal": "Consultation du journal de la fiche",
    "read_journal": "Consultation du journal",
    "read_parcours": "Consultation d’un parcours",
    "open_parcours": "Ouverture d’un parcours",
    "join_parcours": "Arrivée d’une structure dans un parcours",
    "leave_parcours": "Départ d’une structure d’un parcours",
    "complete_parcours": "Entrée d’un parcours complétée",
    "read_quality": "Consultation des fiches à compléter",
    "change_phase": "Changement de phase d’un parcours",
    "close_parcours": "Sortie d’un parcours",
    "reopen_parcours": "Réouverture d’un parcours",
    "read_orientations": "Consultation des orientations",
    "read_orientation": "Consultation d’une orientation",
    "propose_orientation": "Orientation proposée",
    "accept_orientation": "Orientation acceptée",
    "refuse_orientation": "Orientation refusée",
    "close_orientation": "Suite donnée à une orientation",
    "open_diagnostic": "Ouverture d’un diagnostic partagé",
    "invite_to_diagnostic": "Invitation à un diagnostic partagé",
    "withdraw_invitation": "Retrait d’une invitation à un diagnostic partagé",
    "write_contribution": "Écriture d’une contribution à un diagnostic partagé",
    "hand_in_contribution": "Remise d’une contribution à un diagnostic partagé",
    "take_back_contribution": "Reprise d’une contribution à un diagnostic partagé",
    "write_synthesis": "Écriture de la synthèse d’un diagnostic partagé",
    "agree_with_diagnostic": "Validation d’un diagnostic partagé par une structure",
    "note_agreement": "Accord de la personne sur un diagnostic, noté par la référente",
    "make_agreement_link": "Lien d’accord donné à la personne",
    "agree_by_link": "Accord de la personne sur un diagnostic, par son lien",
    "draw_up_plan": "Établissement d’un plan d’accompagnement",
    "revise_plan": "Révision d’un plan d’accompagnement",
    "add_plan_action": "Ajout d’une action à un plan d’accompagnement",
    "change_plan_action": "Modification d’une action d’un plan d’accompagnement",
    "read_act": "Consultation d’un acte",
    "record_act": "Enregistrement d’un acte",
    "correct_act": "Correction d’un acte",
    "undo_act": "Annulation d’un acte",
    "read_acts": "Consultation des derniers actes",
    "read_attendance": "Consultation des présences d’une séance",
    "note_attendance": "Présence notée à une séance",
    "remove_attendance": "Présence retirée d’une séance",
    "enrol_person": "Inscription à une séance",
    "remove_enrolment": "Inscription retirée d’une séance",
    "print_sheet": "Impression d’une feuille d’émargement",
    "file_sheet": "Dépôt d’une feuille signée",
    "read_sheet": "Consultation d’une feuille signée",
    "remove_sheet": "Retrait d’une feuille signée",
    "correct_session": "Correction d’une séance",
    "undo_session": "Annulation d’une séance",
    "read_messages": "Consultation des échanges",
    "write_message": "Message dans les échanges",
    "withdraw_message": "Retrait d’un message",
    "read_meeting": "Consultation d’une réunion du réseau",
    "write_minutes": "Compte rendu d’une réunion du réseau",
    "read_post": "Consultation d’une fiche de poste mutualisé",
    "write_missions": "Rédaction d’une fiche de poste mutualisé",
    "read_corrections": "Consultation des corrections",
    "make_correction": "Correction d’une période scellée",
    "undo_recording": "Annulation d’un enregistrement",
    "import_workbook": "Import d’un classeur",
    "import_person": "Import de la fiche",
    "read_import": "Consultation d’un import",
    "refuse_workbook": "Classeur d’une autre structure, refusé",
    "undo_import": "Annulation d’un import",
    "keep_mapping": "Lecture d’un tableau gardée",
    "remove_mapping": "Lecture d’un tableau retirée",
    "read_figure": "Consultation des fiches d’un chiffre du bilan",
    "open_period": "Période ouverte",
    "change_due_date": "Échéance d’une période changée",
    "withdraw_period": "Période retirée",
    "hand_in_period": "Période rendue par une structure",
    "take_back_period": "Période reprise par une structure",
    "send_back_period": "Période renvoyée à une structure",
    "comment_tables": "Commentaires des tableaux d’une période",
    "consolidate_period": "Période consolidée",
    "reopen_period": "Consolidation d’une période défaite",
    "export_details": "Téléchargement du bilan détaillé",
    "export_person": "Export de toutes les données de la personne",
    "inform_person": "Information de la personne",
    "read_requests": "Consultation des demandes d’effacement",
    "read_dossier": "Consultation du dossier",
    "request_erasure": "Demande d’effacement",
    "refuse_erasure": "Refus d’un effacement",
    "erase_person": "Effacement de la personne",
    "archive_person": "Mise à part de l’identité",
    "give_back_identity": "Rétablissement de l’identité",
    "add_structure": "Structure ajoutée",
    "join_network": "Entrée d’une structure dans le réseau",
    "leave_network": "Départ d’une structure du réseau",
    "restore_database": "Restauration d’une sauvegarde",
    "take_position": "Positionnement d’une structure",
    "record_resource": "Ressource ajoutée",
    "correct_resource": "Correction d’une ressource",
    "withdraw_resource": "Retrait d’une ressource",
    "seal_period": "Scellement d’une période",
}

# Those whose record is the person herself.
OF_A_PERSON = (
    "read_person",
    "record_person",
    "correct_person",
    "import_person",
    "read_person_journal",
)


class AuditEvent(Base):
    """A link of the chain, written once; it holds no personal data.

    The database gives ``id`` (one more than the previous, without gap), ``at``, ``previous`` and
    ``digest``, and refuses any change. ``commitment`` is bound to the details without telling them.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        CheckConstraint("action ~ '^[a-z][a-z_]*$'", name="action_is_plain"),
        CheckConstraint(
            "commitment ~ '^[0-9a-f]{64}$' AND previous ~ '^[0-9a-f]{64}$' "
            "AND digest ~ '^[0-9a-f]{64}$'",
            name="digests_are_sha256",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), FetchedValue())
    action: Mapped[str] = mapped_column(String(40))
    commitment: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), FetchedValue())
    digest: Mapped[str] = mapped_column(String(64), FetchedValue())

    details: Mapped[AuditDetail | None] = relationship(back_populates="event")


class AuditDetail(Base):
    """Who, for which structure, on whose record. Erasing the person empties it, once and for all.

    ``record`` is what an address shows: a random identifier, a parcours' reference, or the table,
    the row (which may name every structure) and the column of a figure. Without the salt, nobody
    can test a guess against the commitment.
    """

    __tablename__ = "audit_details"
    __table_args__ = (
        CheckConstraint("(salt IS NULL) = (erased_at IS NOT NULL)", name="salt_until_erased"),
        CheckConstraint(
            "erased_at IS NULL OR (person_id IS NULL AND record IS NULL)", name="erased_is_empty"
        ),
        Index("ix_audit_details_person_id", "person_id", "event_id"),
        Index("ix_audit_details_record", "record", "event_id"),
    )

    event_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("audit_events.id"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("beneficiaries.id", ondelete="SET NULL")
    )
    record: Mapped[str | None] = mapped_column(String(200))
    salt: Mapped[str | None] = mapped_column(String(64))
    erased_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))

    event: Mapped[AuditEvent] = relationship(back_populates="details")
    account: Mapped[Account | None] = relationship()
    structure: Mapped[Structure | None] = relationship()


def commitment_of(salt: str, *details: int | str | None) -> str:
    """SHA-256 over the salt and the details (account, structure, person, record).

    Each detail is preceded by its length in bytes and a missing one is a dash, so that no two
    lists of details have the same text. The database computes the same (``audit_commitment``).
    """
    told = hashlib.sha256(bytes.fromhex(salt))
    for detail in details:
        if detail is None:
            told.update(b"-")
        else:
            content = str(detail).encode()
            told.update(b"%d:%s" % (len(content), content))
    return told.hexdigest()


def digest_of(previous: str, number: int, at: dt.datetime, action: str, commitment: str) -> str:
    """SHA-256 of a link; no part of its text can hold the « | » that parts them."""
    when = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return hashlib.sha256(f"{previous}|{number}|{when}|{action}|{commitment}".encode()).hexdigest()

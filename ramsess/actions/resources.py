"""Contribute, correct, withdraw and find the resources of the network."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from ramsess import policy
from ramsess.actions.attachments import Attachment
from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.actions.web import WRONG, is_web_address
from ramsess.models import (
    Account,
    Phase,
    Resource,
    ResourceFile,
    ResourceKind,
    ResourcePhase,
    Speciality,
)

PROPOSED = 3


@dataclass(frozen=True)
class ResourceDraft:
    """What is said of a resource. *file*: a new one; *keeps_file*: the one that is there stays."""

    title: str
    kind_code: str
    theme_code: str
    structure_id: int
    description: str = ""
    phase_codes: Sequence[str] = field(default_factory=tuple)
    link: str = ""
    file: Attachment | None = None
    keeps_file: bool = False


def record_resource(
    session: Session,
    account: Account,
    draft: ResourceDraft,
    *,
    request_key: uuid.UUID | None = None,
) -> Resource:
    """Add a resource in the name of ``draft.structure_id``.

    The same *request_key* adds once. Raises RefusedError.
    """
    if request_key:
        there = session.scalar(select(Resource).where(Resource.request_key == request_key))
        if there is not None:
            return there
    _check(session, account, draft, has_file=draft.file is not None)
    resource = Resource(
        public_id=uuid.uuid4(), structure_id=draft.structure_id, request_key=request_key
    )
    _fill(resource, draft)
    session.add(resource)
    session.flush()
    _note(session, "record_resource", resource)
    return resource


def correct_resource(
    session: Session, account: Account, resource: Resource, draft: ResourceDraft, *, version: int
) -> Resource:
    """Replace what is said of a resource; the structure that contributed it stays the same.

    *version* is the one that the person was looking at. Raises RefusedError, and ConflictError when
    somebody corrected it meanwhile.
    """
    if resource.version != version:
        raise ConflictError
    kept = draft.keeps_file and resource.file is not None
    _check(session, account, draft, has_file=draft.file is not None or kept)
    if not kept and resource.file:
        resource.file = None
        session.flush()
    _fill(resource, draft)
    # A change of phases or of file alone is a new version too.
    flag_modified(resource, "title")
    session.flush()
    _note(session, "correct_resource", resource)
    return resource


def withdraw_resource(session: Session, resource: Resource) -> None:
    """Remove a resource and its file for good: nothing of it is kept."""
    session.refresh(resource, with_for_update=True)
    _note(session, "withdraw_resource", resource)
    session.delete(resource)
    session.flush()


def resources_for_phase(session: Session, phase_code: str, limit: int = PROPOSED) -> list[Resource]:
    """The resources to propose at a phase: made for it, those that serve the fewest phases first.

    Then the latest.
    """
    narrow = (
        select(func.count())
        .select_from(ResourcePhase)
        .where(ResourcePhase.resource_id == Resource.id)
        .scalar_subquery()
    )
    query = _shown().where(_serves(phase_code)).order_by(narrow, *_LATEST)
    return list(session.scalars(query.limit(limit)))


_LATEST = (Resource.recorded_at.desc(), Resource.id.desc())


def _serves(phase_code: str) -> ColumnElement[bool]:
    return Resource.stages.any(ResourcePhase.phase_code == phase_code)


def _shown() -> Select[Resource]:
    return select(Resource).options(
        selectinload(Resource.kind),
        selectinload(Resource.theme),
        selectinload(Resource.structure),
        selectinload(Resource.stages).selectinload(ResourcePhase.phase),
        selectinload(Resource.file),
    )


def _note(session: Session, action: str, resource: Resource) -> None:
    note(session, action, structure_id=resource.structure_id, record=resource.public_id)


def _check(session: Session, account: Account, draft: ResourceDraft, *, has_file: bool) -> None:
    checks = Checks()
    if draft.structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    if not draft.title:
        checks.refuse("title", "Donnez un titre.")
    if session.get(ResourceKind, draft.kind_code) is None:
        checks.refuse("kind", "Genre inconnu.")
    if session.get(Speciality, draft.theme_code) is None:
        checks.refuse("theme", "Thème inconnu.")
    known = set(session.scalars(select(Phase.code)))
    if not set(draft.phase_codes) <= known:
        checks.refuse("phases", "Phase inconnue.")
    if draft.link and not is_web_address(draft.link):
        checks.refuse("link", WRONG)
    elif draft.link and has_file:
        checks.refuse("link", "Donnez un lien ou un fichier, pas les deux.")
    if not (draft.link or has_file or draft.description):
        checks.refuse("link", "Donnez un lien, un fichier ou une description.")
    checks.conclude()


def _fill(resource: Resource, draft: ResourceDraft) -> None:
    resource.title = draft.title
    resource.kind_code = draft.kind_code
    resource.theme_code = draft.theme_code
    resource.description = draft.description
    resource.link = draft.link
    wanted = set(draft.phase_codes)
    for code in set(resource.phase_codes) - wanted:
        resource.phase_codes.remove(code)
    for code in wanted - set(resource.phase_codes):
        resource.phase_codes.append(code)
    if draft.file:
        resource.file = ResourceFile(
            name=draft.file.name,
            media_type=draft.file.media_type,
            size=len(draft.file.content),
            content=draft.file.content,
        )

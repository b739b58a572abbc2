"""The nouns of the trade, one file each; imported together, they are the whole schema."""

from ramsess.models.account import Account, Grant, Role
from ramsess.models.act import Act, ActAdviser, ActBeneficiary
from ramsess.models.adviser import Adviser, Assignment
from ramsess.models.api_token import ApiToken
from ramsess.models.audit import AuditDetail, AuditEvent
from ramsess.models.beneficiary import Acquaintance, AsItWas, Beneficiary
from ramsess.models.change import Change
from ramsess.models.correction import Correction
from ramsess.models.diagnostic import Appraisal, Contribution, Diagnostic
from ramsess.models.dla_term import DlaTerm
from ramsess.models.draft import Draft
from ramsess.models.duplicate_pair import DuplicatePair
from ramsess.models.exchange_key import ExchangeKey
from ramsess.models.group_session import (
    Attendance,
    Enrolment,
    GroupSession,
    SessionHost,
    SessionSlot,
    SlotAttendance,
)
from ramsess.models.hand_in import HandIn
from ramsess.models.imports import Import
from ramsess.models.job_sheet import JobSheet
from ramsess.models.mapping import Mapping
from ramsess.models.meeting import Decision, Meeting
from ramsess.models.message import Message, MessageMention, MessageReading
from ramsess.models.nomenclature import (
    CODE_LISTS,
    ActFamily,
    ActType,
    AgreementManner,
    Axis,
    Degree,
    DisclosureLimit,
    Education,
    FundingSource,
    LegalForm,
    Modality,
    Nomenclature,
    Outcome,
    Partner,
    Phase,
    QualityLimit,
    ResourceKind,
    Scheme,
    Sector,
    Sex,
    Situation,
    Speciality,
)
from ramsess.models.orientation import Orientation
from ramsess.models.parcours import (
    Funding,
    Involvement,
    Parcours,
    ParcoursBeneficiary,
    ParcoursNumber,
    PhaseChange,
    Project,
)
from ramsess.models.plan import Plan, PlanAction
from ramsess.models.positioning import Positioning, Presentation
from ramsess.models.reporting_period import ReportingPeriod
from ramsess.models.resource import Resource, ResourceFile, ResourcePhase
from ramsess.models.rights import ErasureRequest, IdentityArchive
from ramsess.models.saved_list import SavedList
from ramsess.models.seal import Seal, SealedFile, SealKey
from ramsess.models.security_key import SecurityKey
from ramsess.models.sign_in import Attempt, SignIn
from ramsess.models.signed_sheet import SignedSheet
from ramsess.models.structure import Membership, Structure
from ramsess.models.table_comment import TableComment
from ramsess.models.territory import Commune, Department, Epci

__all__ = [
    "CODE_LISTS",
    "Account",
    "Acquaintance",
    "Act",
    "ActAdviser",
    "ActBeneficiary",
    "ActFamily",
    "ActType",
    "Adviser",
    "AgreementManner",
    "ApiToken",
    "Appraisal",
    "AsItWas",
    "Assignment",
    "Attempt",
    "Attendance",
    "AuditDetail",
    "AuditEvent",
    "Axis",
    "Beneficiary",
    "Change",
    "Commune",
    "Contribution",
    "Correction",
    "Decision",
    "Degree",
    "Department",
    "Diagnostic",
    "DisclosureLimit",
    "DlaTerm",
    "Draft",
    "DuplicatePair",
    "Education",
    "Enrolment",
    "Epci",
    "ErasureRequest",
    "ExchangeKey",
    "Funding",
    "FundingSource",
    "Grant",
    "GroupSession",
    "HandIn",
    "IdentityArchive",
    "Import",
    "Involvement",
    "JobSheet",
    "LegalForm",
    "Mapping",
    "Meeting",
    "Membership",
    "Message",
    "MessageMention",
    "MessageReading",
    "Modality",
    "Nomenclature",
    "Orientation",
    "Outcome",
    "Parcours",
    "ParcoursBeneficiary",
    "ParcoursNumber",
    "Partner",
    "Phase",
    "PhaseChange",
    "Plan",
    "PlanAction",
    "Positioning",
    "Presentation",
    "Project",
    "QualityLimit",
    "ReportingPeriod",
    "Resource",
    "ResourceFile",
    "ResourceKind",
    "ResourcePhase",
    "Role",
    "SavedList",
    "Scheme",
    "Seal",
    "SealKey",
    "SealedFile",
    "Sector",
    "SecurityKey",
    "SessionHost",
    "SessionSlot",
    "Sex",
    "SignIn",
    "SignedSheet",
    "Situation",
    "SlotAttendance",
    "Speciality",
    "Structure",
    "TableComment",
]  # fmt: skip

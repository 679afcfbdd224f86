"""Everything the platform knows about who did what and what can be reused."""

from projects.models.alliance import AllianceMember, AlliancePage, AllianceStep, StepState
from projects.models.artefact import Artefact, ArtefactLanguage
from projects.models.body import BodyIndexPage, BodyKind, BodyPage, Participation
from projects.models.central import CentralSolution
from projects.models.following import Following, ToldTo
from projects.models.former import Former
from projects.models.freshness import Freshness, FreshnessState, ReviewInterval
from projects.models.imports import ImportRecord
from projects.models.media import BodyDocument, Picture, Rendition
from projects.models.partner import ContactRequest, Partnership, PartnerState
from projects.models.phase import Conformity, ContactPromise, Openness, Phase, StopReason
from projects.models.plan import Plan
from projects.models.project import ProjectPage, attach_bodies
from projects.models.register import Association, District, Municipality, SizeClass, State, size_class_of
from projects.models.removed import RemovedPage
from projects.models.reuse import REUSE_VALID, Reuse, ReuseClass, ReuseState
from projects.models.tags import ProjectTag, TaggedProject
from projects.models.taxonomy import (
    ArtefactKind,
    FieldOfAction,
    Licence,
    OzgField,
    OzgFieldLead,
    OzgService,
    ServiceKey,
)

__all__ = [
    "REUSE_VALID",
    "AllianceMember",
    "AlliancePage",
    "AllianceStep",
    "Artefact",
    "ArtefactKind",
    "ArtefactLanguage",
    "Association",
    "BodyDocument",
    "BodyIndexPage",
    "BodyKind",
    "BodyPage",
    "CentralSolution",
    "Conformity",
    "ContactPromise",
    "ContactRequest",
    "District",
    "FieldOfAction",
    "Following",
    "Former",
    "Freshness",
    "FreshnessState",
    "ImportRecord",
    "Licence",
    "Municipality",
    "Openness",
    "OzgField",
    "OzgFieldLead",
    "OzgService",
    "Participation",
    "PartnerState",
    "Partnership",
    "Phase",
    "Picture",
    "Plan",
    "ProjectPage",
    "ProjectTag",
    "RemovedPage",
    "Rendition",
    "Reuse",
    "ReuseClass",
    "ReuseState",
    "ReviewInterval",
    "ServiceKey",
    "SizeClass",
    "State",
    "StepState",
    "StopReason",
    "TaggedProject",
    "ToldTo",
    "attach_bodies",
    "size_class_of",
]

"""Who acts on the platform: accounts, the people of each body, and the letters they get."""

from people.models.account import User, UserManager
from people.models.job import JobRun
from people.models.joining import AccessRequest, Invitation, RepresentationRequest, RequestState
from people.models.mail import QueuedMail
from people.models.moderation import CheckItem, DirectPublication, Evidence, Review, ReviewState
from people.models.staff_right import StaffRight
from people.models.takeover import TakeoverRequest
from people.models.team import Team

__all__ = [
    "AccessRequest",
    "CheckItem",
    "DirectPublication",
    "Evidence",
    "Invitation",
    "JobRun",
    "QueuedMail",
    "RepresentationRequest",
    "RequestState",
    "Review",
    "ReviewState",
    "StaffRight",
    "TakeoverRequest",
    "Team",
    "User",
    "UserManager",
]

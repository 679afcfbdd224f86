"""Who acts on the platform: accounts, the people of each body, and the letters they get."""

from people.models.account import User, UserManager
from people.models.job import JobRun
from people.models.mail import QueuedMail
from people.models.team import Team

__all__ = ["JobRun", "QueuedMail", "Team", "User", "UserManager"]

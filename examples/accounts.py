"""Log-ins for trying the roles; they exist only where the settings name a password for them."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models import Team, User
from people.rights import STAFF_GROUP

EDITED_BODY = "emschertal"


@dataclass(frozen=True)
class Login:
    """One example account: its address and what it is for."""

    email: str
    role: str | Promise
    name: tuple[str, str]


EDITOR = Login("redaktion@emschertal.example", _("Editor and coordinator of Emschertal"), ("Redaktion", "Emschertal"))
STAFF = Login("zentrum@plattform.example", _("Staff"), ("Redaktion", "Kompetenzzentrum"))
ADMINISTRATOR = Login("admin@plattform.example", _("Administrator"), ("Technik", "Plattform"))
LOGINS = (EDITOR, STAFF, ADMINISTRATOR)


def example_password() -> str:
    """The password of all example accounts; empty where the settings allow none."""
    return str(getattr(settings, "EXAMPLE_PASSWORD", ""))


def load_accounts() -> None:
    """Create the accounts that are missing; without a password in the settings, none."""
    if not (password := example_password()):
        return
    for login in LOGINS:
        if User.objects.filter(email=login.email).exists():
            continue
        first_name, last_name = login.name
        is_administrator = login is ADMINISTRATOR
        user = User.objects.create_user(
            login.email,
            password,
            first_name=first_name,
            last_name=last_name,
            is_staff=is_administrator,
            is_superuser=is_administrator,
        )
        user.groups.set(_groups(login))
        if login is EDITOR:
            user.coordinated_teams.set(Team.objects.filter(body__slug=EDITED_BODY))


def _groups(login: Login) -> list[Group]:
    if login is EDITOR:
        return [team.group for team in Team.objects.filter(body__slug=EDITED_BODY).select_related("group")]
    return [Group.objects.get(name=STAFF_GROUP)] if login is STAFF else []

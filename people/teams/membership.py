"""Coming to a team, coordinating it, leaving it: every step is noted in the history of the body's page."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import PageLogEntry

from people.day_limits import happened_today
from people.mail.letters import write
from people.models import Team, User
from people.rights import STAFF_GROUP, is_staff
from people.teams.teams import coordinators_of
from projects.models import BodyPage

ADDED = "dsr.member_added"
REMOVED = "dsr.member_removed"
APPOINTED = "dsr.coordinator_appointed"
STEPPED_DOWN = "dsr.coordinator_stepped_down"


class LastCoordinatorError(Exception):
    """Nobody would be left to decide who belongs to the body; only staff may bring that about."""


def absolute(path: str) -> str:
    """The address of a page in letters."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def staff_addresses() -> list[str]:
    """Where letters to the centre go: its people, or the administrators while it has none."""
    staff = User.objects.filter(groups__name=STAFF_GROUP, is_active=True)
    people = staff if staff.exists() else User.objects.filter(is_superuser=True, is_active=True)
    return list(people.values_list("email", flat=True))


def decider_addresses(body: BodyPage | None) -> list[str]:
    """Those who decide for the body: its coordinators, or the staff while it has none."""
    own = list(coordinators_of(body).values_list("email", flat=True)) if body else []
    return own or staff_addresses()


@transaction.atomic
def add(team: Team, user: User, *, by: User | None, as_coordinator: bool = False) -> None:
    """Let the person edit the body's pages, and decide about others if asked for; nothing is taken from a member."""
    if not user.groups.filter(pk=team.group_id).exists():
        user.groups.add(team.group)
        _note(team, ADDED, user, by)
    if as_coordinator:
        appoint(team, user, by=by, is_told=False)


@transaction.atomic
def appoint(team: Team, user: User, *, by: User | None, is_told: bool = True) -> None:
    """Let a member decide who else belongs to the team. Raises ValueError for a person who is no member.

    Whoever is appointed again and again is told at the first time of a day.
    """
    if not user.groups.filter(pk=team.group_id).exists():
        raise ValueError("Only members coordinate a team.")
    if team.coordinators.filter(pk=user.pk).exists():
        return
    team.coordinators.add(user)
    _note(team, APPOINTED, user, by)
    if is_told and happened_today(team.body, APPOINTED, person=user.pk) == 1:
        context = {"body": team.body, "url": absolute(reverse("team", args=[team.body_id]))}
        write("coordinator_appointed", [user.email], context)


@transaction.atomic
def step_down(team: Team, user: User, *, by: User) -> None:
    """Make a coordinator a plain member. Raises LastCoordinatorError."""
    _keep_one(team, user, by)
    team.coordinators.remove(user)
    _note(team, STEPPED_DOWN, user, by)


@transaction.atomic
def remove(team: Team, user: User, *, by: User) -> None:
    """Take the body's rights from the person and tell them; the account stays. Raises LastCoordinatorError."""
    _keep_one(team, user, by)
    team.coordinators.remove(user)
    user.groups.remove(team.group)
    _note(team, REMOVED, user, by)
    if user != by:
        write("member_removed", [user.email], {"body": team.body})


def _keep_one(team: Team, user: User, by: User) -> None:
    # Locked, so that two coordinators who leave at the same time do not both see the other.
    Team.objects.select_for_update().get(pk=team.pk)
    coordinators = set(coordinators_of(team.body).values_list("pk", flat=True))
    if coordinators == {user.pk} and not is_staff(by):
        raise LastCoordinatorError


def bodies_only_coordinated_by(user: User) -> list[BodyPage]:
    """Bodies nobody would speak for without this person."""
    bodies = [team.body for team in Team.objects.filter(coordinators=user, group__user=user).select_related("body")]
    return [body for body in bodies if not coordinators_of(body).exclude(pk=user.pk).exists()]


def tell_staff_of_loss(bodies: list[BodyPage]) -> None:
    """Bodies have lost their last coordinator: staff have to look for another."""
    if bodies:
        context = {"bodies": [str(body) for body in bodies], "url": absolute(reverse("teams"))}
        write("no_coordinator", staff_addresses(), context)


def joined_at(team: Team) -> dict[int, Any]:
    """When each person came to the team, by account number; those from before the history are missing."""
    entries = PageLogEntry.objects.filter(page_id=team.body_id, action=ADDED).order_by("timestamp")
    return {entry.data["person"]: entry.timestamp for entry in entries if "person" in entry.data}


def _note(team: Team, action: str, user: User, by: User | None) -> None:
    # The number only: the history must not keep the name of a person whose account is erased.
    log(instance=team.body, action=action, user=by, data={"person": user.pk})


class PersonFormatter(LogFormatter):
    """Names the person an entry is about, as long as the account exists."""

    text = ""

    def format_message(self, log_entry: Any) -> str:
        person = User.objects.filter(pk=log_entry.data.get("person")).first()
        return _(self.text) % {"person": person or _("Deleted account")}


# Label and message of each action, as histories show them.
MESSAGES = {
    ADDED: (gettext_lazy("Add to the team"), gettext_lazy("%(person)s belongs to the team now")),
    REMOVED: (gettext_lazy("Remove from the team"), gettext_lazy("%(person)s no longer belongs to the team")),
    APPOINTED: (gettext_lazy("Appoint as coordinator"), gettext_lazy("%(person)s is coordinator now")),
    STEPPED_DOWN: (gettext_lazy("End as coordinator"), gettext_lazy("%(person)s is no longer coordinator")),
}


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    for action, (label, text) in MESSAGES.items():
        formatter = type("TeamFormatter", (PersonFormatter,), {"label": label, "text": text})
        actions.register_action(action)(formatter)

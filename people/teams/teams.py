"""Who belongs to which body, and who speaks for it. Must not know about pages of the site or of the admin."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from people.models import Team, User
from projects.models import BodyPage
from projects.models.body import BodyQuerySet

Person = User | AnonymousUser


def is_member(user: Person | AbstractBaseUser) -> bool:
    """True for an active account with an approved body, and for the centre: they read what only members may read."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_of_centre or Team.objects.filter(group__user=user.pk).exists()


def teams_of(user: Person) -> QuerySet[Team]:
    """The teams the person belongs to."""
    return Team.objects.filter(group__user=user.pk).select_related("body", "group", "collection")


def bodies_of(user: Person) -> BodyQuerySet:
    """The bodies the person works for, those its own body acts for included; by name."""
    # A few; as part of the statement below they would make it ten times as long to plan.
    pairs = Team.objects.filter(group__user=user.pk).values_list("body", "acts_for")
    numbers = {number for pair in pairs for number in pair}
    return BodyPage.objects.filter(pk__in=numbers).with_places().order_by("title", "pk")


def people_of(body: BodyPage) -> QuerySet[User]:
    """The active people of the body's own team, by name."""
    return User.objects.filter(groups__team__body=body, is_active=True).order_by("last_name", "first_name", "email")


def owners_of(body: BodyPage) -> list[User]:
    """Whom letters about the body's pages go to: its people; where it has none, those of the bodies that act for it."""
    own = list(people_of(body))
    if own:
        return own
    acting = User.objects.filter(groups__team__acts_for=body, is_active=True)
    return list(acting.distinct().order_by("pk"))


def coordinators_of(body: BodyPage) -> QuerySet[User]:
    """Those of the body's people who decide who else belongs to them."""
    return people_of(body).filter(coordinated_teams__body=body)


def is_coordinator(user: Person, body: BodyPage) -> bool:
    return isinstance(user, User) and coordinators_of(body).filter(pk=user.pk).exists()


def coordinates_something(user: Person) -> bool:
    """True for a coordinator of any body; one who has left the team is none."""
    mine = Team.objects.filter(coordinators=user.pk, group__user=user.pk)
    return mine.exists()

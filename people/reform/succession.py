"""Municipal reform: a municipality ends, another takes over what it did here. Nothing is lost, old addresses lead on.

Only the register knows that the two are related; pages, files and people follow from that.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page

from pages.addresses import kept_or_free
from people.cooperation import alliances, partners
from people.freshness.takeover import hand_over_offers
from people.joining.representation import begin, withdraw
from people.models import Team, User
from people.reuse import uses as reuse
from projects.models import BodyDocument, BodyPage, Municipality, Picture

LOG_ACTION = "people.municipal_reform"
# Receivers take the page of the municipality that ends and its heir's, after the projects have moved.
HOOK = "hand_over_body"


class EndedError(Exception):
    """Somebody else has ended the municipality in the meantime."""


@dataclass(frozen=True)
class Takeover:
    """What a reform hands over: `body` is the page of the municipality that ends, `heir` that of its successor."""

    municipality: Municipality
    successor: Municipality
    body: BodyPage | None
    heir: BodyPage | None
    projects: int = 0
    files: int = 0
    people: int = 0

    @property
    def keeps_page(self) -> bool:
        """The successor takes no part yet: it gets the page as it is, under its own name."""
        return self.body is not None and self.heir is None


def plan(municipality: Municipality, successor: Municipality) -> Takeover:
    """What would happen. Raises ValueError if a municipality were to succeed itself, at once or in the end."""
    after: Municipality | None = successor
    while after is not None:
        if after.pk == municipality.pk:
            raise ValueError("A municipality cannot be its own successor.")
        after = after.successor
    body, heir = (BodyPage.objects.filter(municipality=unit).first() for unit in (municipality, successor))
    if body is None:
        return Takeover(municipality, successor, None, heir)
    team = Team.objects.get(body=body)
    files = sum(model.objects.filter(collection=team.collection).count() for model in (BodyDocument, Picture))
    people = User.objects.filter(groups=team.group).count()
    return Takeover(municipality, successor, body, heir, body.get_children().count(), files, people)


@transaction.atomic
def carry_out(takeover: Takeover, ended_on: datetime.date, user: User) -> None:
    """End the municipality on that day, the last of its existence, and hand everything over to its successor.

    Raises EndedError for the second of two.
    """
    municipality = takeover.municipality
    if not Municipality.objects.select_for_update(of=("self",)).current().filter(pk=municipality.pk).exists():
        raise EndedError
    municipality.successor, municipality.valid_to = takeover.successor, ended_on
    municipality.save()
    log(municipality, LOG_ACTION, user=user, data={"successor": str(takeover.successor)})
    reuse.hand_over(municipality, takeover.successor)
    if takeover.body is None:
        return
    if takeover.heir is None:
        _rename(takeover.body, municipality, takeover.successor, user)
    else:
        _hand_over(takeover.body, takeover.heir, user)


def _rename(body: BodyPage, municipality: Municipality, successor: Municipality, user: User) -> None:
    """The page goes on for the successor; a title somebody chose stays, and so does the address."""
    body.municipality = successor
    if body.title == municipality.name:
        body.title = successor.name
    body.save()
    draft = body.get_latest_revision_as_object()
    draft.title = body.title
    draft.save_revision(user=user, log_action=LOG_ACTION, clean=False)


def _hand_over(body: BodyPage, heir: BodyPage, user: User) -> None:
    source, target = Team.objects.get(body=body), Team.objects.get(body=heir)
    for page in body.get_children().specific():
        _move(page, body, heir, user)
    for model in (BodyDocument, Picture):
        for file in model.objects.filter(collection=source.collection):
            file.collection = target.collection
            file.save()
    for person in User.objects.filter(groups=source.group):
        person.groups.add(target.group)
        person.groups.remove(source.group)
    target.coordinators.add(*source.coordinators.all())
    source.coordinators.clear()
    _hand_over_representation(source, target, user)
    _hand_over_invitations(source, target)
    _hand_over_cooperation(body, heir)
    _lead_on(body, heir)
    body = BodyPage.objects.get(pk=body.pk)
    log(body, LOG_ACTION, user=user, data={"successor": heir.title})
    if body.live:
        body.unpublish(user=user)


def _hand_over_representation(source: Team, target: Team, user: User) -> None:
    """Whoever acted for the old body acts for its heir, and the heir for those the old body acted for."""
    for team in list(source.body.represented_by.all()):
        withdraw(team, source.body)
        if team != target:
            begin(team, target.body, user)
    for represented in list(source.acts_for.all()):
        withdraw(source, represented)
        if represented.pk != target.body_id:
            begin(target, represented, user)
    asked = target.representation_requests.waiting().values("municipality")
    source.representation_requests.waiting().exclude(municipality__in=asked).order_by().update(team=target)


def _hand_over_invitations(source: Team, target: Team) -> None:
    """Their links go on working; an address the heir has invited as well keeps the heir's link."""
    source.invitations.filter(email__in=target.invitations.values("email")).delete()
    source.invitations.update(team=target)


def _hand_over_cooperation(body: BodyPage, heir: BodyPage) -> None:
    """What the old body does with others is done by its heir."""
    partners.hand_over(body, heir)
    alliances.hand_over(body, heir)
    hand_over_offers(body, heir)
    for hand_over in hooks.get_hooks(HOOK):
        hand_over(body, heir)


def _move(page: Page, body: BodyPage, heir: BodyPage, user: User) -> None:
    """Below the heir; an address that is taken there gets the old body's in addition, in the draft as well."""
    heir = BodyPage.objects.get(pk=heir.pk)
    if (slug := kept_or_free(page, heir, f"{page.slug}-{body.slug}")) != page.slug:
        draft = page.get_latest_revision_as_object()
        page.slug = draft.slug = slug
        page.save(clean=False)
        draft.save_revision(user=user, log_action=LOG_ACTION, clean=False)
    page.move(heir, pos="last-child", user=user)


def _lead_on(body: BodyPage, heir: BodyPage) -> None:
    """The old body's address leads to its heir."""
    if parts := body.get_url_parts():
        site_id, _root, path = parts
        Redirect.objects.update_or_create(
            old_path=Redirect.normalise_path(path),
            site_id=site_id,
            defaults={"redirect_page": heir, "is_permanent": True},
        )

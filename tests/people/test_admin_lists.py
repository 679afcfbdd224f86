"""Every list of the admin with everything that can be asked of it: search, filters, order, export, pages.

The lists come from the URL configuration, what can be asked of each from its own view: a new list is tried as well.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.chooser import BaseChooseView

from projects.models import ProjectTag
from tests.factories import OzgServiceFactory, administrator
from tests.people.stage import ROLES, Stage
from tests.people.test_role_table import table
from tests.routes import views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "engine")]

# Together with pages that are not there: the words of a search in every spelling that is syntax somewhere.
SEARCHES = (
    {"q": "Ü%", "p": "0"},
    {"q": "'\"\\ OR (", "p": "x"},
    {"q": "\x00", "p": "-1"},
    {"q": "a 01", "p": "9" * 30},
)
# What no filter can mean.
NO_KEY = "9" * 30
NONSENSE = ("x\x00", NO_KEY)
# What lists take that are not of Wagtail's kind.
OWN = ("q", "name", "seite", "p", "feld", "land", "stand")


def lists_for(role: str, but_not: str = "") -> Iterator[str]:
    """Routes of the admin that may be lists, and show something to this role and nothing to the other."""
    decided = table()
    for route, view in views():
        if not route.startswith("admin/") or route.startswith("admin/api/") or decided[route][0] != "GET":
            continue
        letters = dict(zip(ROLES, decided[route][1], strict=True))
        view_class = getattr(view, "view_class", None)
        is_list = view_class is None or issubclass(view_class, BaseListingView | BaseChooseView)
        if is_list and letters[role] == "+" and letters.get(but_not) != "+":
            yield route


def questions(view: BaseListingView) -> Iterator[dict[str, str]]:
    """Each order and each filter, some with a search."""
    for ordering in view.get_valid_orderings():
        yield {"ordering": ordering} if ordering.startswith("-") else {"ordering": ordering, "q": "a", "p": "2"}
    for name, values in choices(view).items():
        yield from ({name: value} for value in values[1:])
        yield {name: values[0], "q": "a", "p": "2"}


def choices(view: BaseListingView) -> dict[str, list[str]]:
    """By the name of each field of the filter: its first choice, and what it cannot mean."""
    found: dict[str, list[str]] = {}
    for bound in view.filters.form if view.filters else ():
        first = [str(choice[0]) for choice in getattr(bound.field, "choices", ()) if str(choice[0])][:1]
        parts = getattr(bound.field.widget, "suffixes", ())
        for name in [f"{bound.html_name}_{part}" for part in parts] or [bound.html_name]:
            found[name] = [*first, *NONSENSE]
    return found


class Walk:
    """A person who asks every list everything; nothing of it stays."""

    def __init__(self, role: str) -> None:
        self.stage, self.faults, self.walked = Stage(), dict[str, str](), set[Any]()
        self.client = Client(raise_request_exception=False)
        person = self.stage.people[role]
        assert person
        self.client.force_login(person)

    def ask(self, address: str, query: dict[str, str], designed: set[int]) -> Any:
        """What the list answers; an error, or what nobody has designed, is noted."""
        url = f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
        with transaction.atomic():
            answer = self.client.get(url)
            if answer.streaming:
                b"".join(answer)
            transaction.set_rollback(True)
        if answer.status_code not in designed:
            error = getattr(answer, "exc_info", None)
            self.faults[url] = repr(error[1])[:200] if error else str(answer.status_code)
        return answer

    def visit(self, address: str) -> bool:
        """Ask everything; True for one of Wagtail's lists."""
        # A chooser's page that is not there is a 404, which its script never asks for.
        designed = {200, 302, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
        answer = self.ask(address, SEARCHES[0], designed)
        view = (getattr(answer, "context_data", None) or {}).get("view")
        if not isinstance(view, BaseListingView):
            for query in SEARCHES[1:]:
                self.ask(address, dict.fromkeys(OWN, query["q"]) | query, designed)
            return False
        # Histories and uses are the same for all models.
        is_known = not isinstance(view, IndexView) and type(view) in self.walked
        if not view.results_only and not is_known:
            self.walked.add(type(view))
            # Most of it without the frame of the admin, which costs more than the list.
            rows = view.index_results_url or address
            for query in (*SEARCHES[1:], *questions(view)):
                may_refuse = {HTTPStatus.BAD_REQUEST} if NO_KEY in query.values() else set()
                self.ask(rows, query, {HTTPStatus.OK, *may_refuse})
            for kind in getattr(view, "FORMATS", ()):
                self.ask(address, {"export": kind, "q": "a"}, {HTTPStatus.OK})
                self.ask(address, {"export": kind}, {HTTPStatus.OK})
        return True


@pytest.mark.slow("asks every list of the admin everything")
@pytest.mark.parametrize(("role", "but_not", "at_least"), [("staff", "", 100), ("administrator", "staff", 15)])
def test_every_list_of_the_admin_answers_whatever_is_asked_of_it(role: str, but_not: str, at_least: int) -> None:
    walk, count = Walk(role), 0
    for route in lists_for(role, but_not):
        count += walk.visit(walk.stage.address(route))
    assert walk.faults == {}
    assert count >= at_least


@pytest.mark.usefixtures("wagtail_indexes")
def test_a_search_in_the_admin_finds_in_the_order_and_with_the_counts_of_its_list(client: Client) -> None:
    client.force_login(administrator())
    for name in ("Zebra Ampel", "Ampel", "Hund"):
        ProjectTag.objects.create(name=name)
    address = "/admin/snippets/projects/projecttag/"

    def found(query: dict[str, str]) -> list[str]:
        return [tag.name for tag in client.get(address, query).context["object_list"]]

    assert found({"q": "amp", "ordering": "-name"}) == ["Zebra Ampel", "Ampel"]
    assert found({"q": 'Ampel" \\', "ordering": "name"}) == ["Ampel", "Zebra Ampel"]
    assert found({"q": "ampel", "is_approved": "true"}) == []
    assert found({"q": "%"}) == []


@pytest.mark.usefixtures("wagtail_indexes")
def test_services_are_found_by_name_and_by_key(client: Client) -> None:
    client.force_login(administrator())
    service = OzgServiceFactory(name="Hundesteuer", ozg_id="10999")
    for words in ("hunde", "10999", "109"):
        answer = client.get("/admin/snippets/projects/ozgservice/", {"q": words, "field": service.field_id})
        assert [each.pk for each in answer.context["object_list"]] == [service.pk]

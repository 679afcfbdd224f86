"""Every address of the site × every role, as somebody decided it: `role_table.tsv` has a line for each address.

The addresses come from the URL configuration: a new one fails until somebody has decided who may open it. A line says
the method, the letters for the roles in the order of `ROLES`, and the address:

    +  opens it (a page, or a way on)
    L  is led to the log-in
    -  is refused: 403, 404, or back to the start of the admin

All that is asked for belongs to one body: “neighbour” is an editor of another one.
"""

from http import HTTPStatus
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.people.stage import HIDDEN, ROLES, Stage
from tests.routes import routes

pytestmark = [
    pytest.mark.slow("opens every address in every role"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("media", "engine", "wagtail_indexes"),
]

TABLE = Path(__file__).with_name("role_table.tsv")
LOG_IN = ("/konto/anmelden/", "/konto/pruefen/")
START_OF_ADMIN = "/admin/"
# Answers to a request that is not complete, by a view that let the person in.
INCOMPLETE = {HTTPStatus.BAD_REQUEST, HTTPStatus.METHOD_NOT_ALLOWED}
# They read nothing of the body that is not public, unless they hold a link that was sent to somebody.
OUTSIDERS = {"visitor", "stranger", "neighbour"}
BY_SECRET_LINK = {r"mitmachen/^einladung/(?P<token>[-:\w]+)/$"}


def table() -> dict[str, tuple[str, str]]:
    """Method and letters of each route."""
    lines = [line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {route: (method, letters) for method, letters, route in lines}


class Visit:
    """A person who goes from address to address; what one of them changes is undone before the next."""

    def __init__(self, stage: Stage, role: str) -> None:
        self.client = Client(raise_request_exception=True)
        if person := stage.people[role]:
            self.client.force_login(person)
        # What the last address answered.
        self.status, self.text, self.location = 0, "", ""
        self._cookies = self.client.cookies.output(header="", sep=";")

    def ask(self, method: str, address: str) -> str:
        """The letter that describes the answer."""
        self.client.cookies = SimpleCookie(self._cookies)
        with transaction.atomic():
            answer = self.client.generic(method, address, b"", "application/x-www-form-urlencoded")
            letter = self._letter(answer, address)
            self.status, self.location = answer.status_code, answer.headers.get("Location", "")
            self.text = "" if answer.streaming else answer.content.decode(errors="replace")
            transaction.set_rollback(True)
        return letter

    @staticmethod
    def _letter(answer: Any, address: str) -> str:
        assert answer.status_code < 500, address
        target = answer.headers.get("Location", "")
        if target.startswith(LOG_IN):
            return "L"
        is_sent_back = target == START_OF_ADMIN and address.startswith(START_OF_ADMIN)
        if is_sent_back or (answer.status_code >= 400 and answer.status_code not in INCOMPLETE):
            return "-"
        return "+"


def test_somebody_has_decided_about_every_address_and_about_no_other() -> None:
    undecided = sorted(set(routes()) - set(table()))
    assert not undecided, "Decide who may open these, in role_table.tsv"
    assert not set(table()) - set(routes()), "These addresses are gone"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_was_decided_and_nothing_else(role: str) -> None:
    stage = Stage()
    visit, column = Visit(stage, role), ROLES.index(role)
    wrong, told = {}, []
    for route, (method, letters) in table().items():
        found = visit.ask(method, stage.address(route))
        if found != letters[column]:
            wrong[route] = f"decided {letters[column]}, found {found}"
        if role in OUTSIDERS and HIDDEN in visit.text and route not in BY_SECRET_LINK:
            told.append(route)
    assert wrong == {}
    assert told == [], "What is not public is told to people of other bodies"


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_open_an_address_may_not_send_to_it_either(role: str) -> None:
    stage = Stage()
    visit, column = Visit(stage, role), ROLES.index(role)
    refused = [route for route, (_method, letters) in table().items() if letters[column] in "-L"]
    let_in = [
        route
        for route in refused
        if visit.ask("POST", stage.address(route)) == "+" and visit.status != HTTPStatus.METHOD_NOT_ALLOWED
    ]
    assert let_in == []

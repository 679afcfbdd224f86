"""Two people store the same at one moment, both after the form had looked whether it is there already.

With PostgreSQL the second request is undone and asked again; with SQLite there is a page that says what happened.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import Model
from django.db.models.signals import pre_save
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from projects.models import BodyPage, ProjectTag
from tests.factories import BodyPageFactory, MunicipalityFactory, staff_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media", "engine")]
ASKS_AGAIN = connection.vendor == "postgresql"


def always_twice(request: HttpRequest) -> HttpResponse:
    ProjectTag.objects.create(name=f"vorher {request.POST['name']}")
    ProjectTag.objects.create(name=request.POST["name"], slug="da")
    return HttpResponse()


urlpatterns = [path("zweimal/", always_twice), *urls.urlpatterns]


@contextmanager
def meanwhile(model: type[Model], act: Callable[[], Any]) -> Iterator[None]:
    """What somebody else does between the check and the first storing of such a row; with PostgreSQL in parallel."""
    done: list[bool] = []

    def once(**_kwargs: Any) -> None:
        if done:
            return
        done.append(True)
        if not ASKS_AGAIN:
            act()
            return

        def apart() -> None:
            act()
            connection.close()

        other = threading.Thread(target=apart)
        other.start()
        other.join()

    pre_save.connect(once, sender=model)
    yield
    pre_save.disconnect(once, sender=model)
    assert done, "nothing was stored"


def test_of_two_who_give_a_page_the_same_entry_of_the_register_the_second_is_told_whose_it_is() -> None:
    town, mine, theirs = MunicipalityFactory(), BodyPageFactory(), BodyPageFactory(title="Andere Seite")
    client = Client(raise_request_exception=False)
    client.force_login(staff_member())
    address, before = f"/admin/stellen/{mine.pk}/register/", mine.municipality_id
    with meanwhile(BodyPage, lambda: BodyPage.objects.filter(pk=theirs.pk).update(municipality=town)):
        answer = client.post(address, {"kind": "municipality", "municipality": town.pk})
    assert BodyPage.objects.get(pk=mine.pk).municipality_id == before
    text = answer.content.decode()
    if ASKS_AGAIN:
        assert answer.status_code == 200
        assert "„Andere Seite“" in str(answer.context["form"].errors["municipality"])
        assert f'value="{town.pk}"' in text, "what was chosen is still there"
    else:
        assert answer.status_code == 409
        assert "Ihre Eingaben wurden nicht gespeichert" in text


@pytest.mark.urls("tests.config.test_clashes")
def test_what_clashes_again_is_told_and_undone() -> None:
    ProjectTag.objects.create(name="Anderes", slug="da")
    client = Client(raise_request_exception=False)
    answer = client.post("/zweimal/", {"name": "Neu"})
    assert answer.status_code == 409
    assert ProjectTag.objects.filter(name="vorher Neu").exists() is not ASKS_AGAIN
    assert not ProjectTag.objects.filter(name="Neu").exists()


@pytest.mark.urls("tests.config.test_clashes")
def test_where_tests_run_in_one_transaction_the_error_is_still_seen() -> None:
    ProjectTag.objects.create(name="Anderes", slug="da")
    with pytest.raises(IntegrityError):
        Client().post("/zweimal/", {"name": "Neu"})

"""The system page: staff see at a glance whether the platform does its work, and what to do if it does not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from people.models import JobRun, QueuedMail
from people.operations import jobs, system_facts
from people.operations.system import Fact, Health, Section
from tests.factories import BodyPageFactory, administrator, editor_of, staff_member

pytestmark = pytest.mark.django_db

PATH = "/admin/system/"


def fact(section: Section, number: int) -> Fact:
    return section.facts[number]


def letter(**values: Any) -> QueuedMail:
    return QueuedMail.objects.create(sender="a@example.org", recipients=["b@example.org"], subject="Brief", **values)


def test_staff_and_administrators_see_the_page_and_nobody_else(client: Client) -> None:
    assert client.get(PATH).status_code == 302
    for user, is_welcome in ((editor_of(BodyPageFactory()), False), (staff_member(), True), (administrator(), True)):
        client.force_login(user)
        assert (client.get(PATH).status_code == 200) is is_welcome
        assert (PATH in client.get("/admin/").content.decode()) is is_welcome


def test_page_answers_without_index_and_without_mail_server(client: Client, settings: Any) -> None:
    settings.SEARCH_URL = "elasticsearch://127.0.0.1:9/nirgends"
    settings.MAIL_DELIVERY_BACKEND = ""
    client.force_login(staff_member())
    response = client.get(PATH)
    assert response.status_code == 200
    assert response.content.decode().count("dsr-facts__row--bad") >= 2


def test_silent_worker_is_told() -> None:
    assert fact(system_facts.worker(), 0).health == Health.BAD
    jobs.run_due()
    assert fact(system_facts.worker(), 0).health == Health.GOOD
    JobRun.objects.update(succeeded_at=timezone.now() - timedelta(hours=1))
    assert fact(system_facts.worker(), 0).health == Health.BAD


def test_letter_that_waits_for_long_is_told(settings: Any) -> None:
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    letter()
    assert fact(system_facts.mail(), 1).health == Health.GOOD
    letter(created_at=timezone.now() - timedelta(hours=2))
    assert fact(system_facts.mail(), 1).health == Health.BAD


def test_letters_given_up_are_counted_and_lead_to_their_list(client: Client) -> None:
    letter(is_dead=True)
    given_up = fact(system_facts.mail(), 2)
    assert (given_up.value, given_up.health) == (1, Health.BAD)
    client.force_login(staff_member())
    shown = client.get(given_up.url).content.decode()
    assert "/retry/" in shown


def test_lost_cache_is_told(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "BACKEND": "django.core.cache.backends.dummy.DummyCache",
        }
    }
    assert system_facts.storage().facts[-1].health == Health.BAD

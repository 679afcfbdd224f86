"""Whoever comes from a project finds the way back to it; whoever waits is told since when."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django.asserts import assertNotContains

from people.templatetags.elapsed import ago
from tests.factories import BodyPageFactory, ProjectPageFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["kontakt", "kontakt/gesendet", "mitarbeit", "nutzen"])
def test_pages_about_a_project_lead_back_to_it(client: Client, page: str) -> None:
    project = ProjectPageFactory(parent=BodyPageFactory(title="Auental"))
    client.force_login(editor_of(BodyPageFactory(title="Bergdorf", municipality__name="Bergdorf")))
    html = client.get(f"/projekte/{project.pk}/{page}/").content.decode()
    back = html.partition('<p class="dsr-account__back"')[2].partition("</p>")[0]
    assert f'href="{project.url}"' in back
    assert "/konto/" not in back


def test_only_the_centre_says_what_is_made_up(client: Client) -> None:
    project = ProjectPageFactory()
    address = f"/admin/pages/{project.pk}/edit/"
    client.force_login(editor_of(project.public_body))
    assertNotContains(client.get(address), 'name="is_example"')
    client.force_login(staff_member())
    assert 'name="is_example"' in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("since", "said"),
    [(timedelta(hours=23), "23\xa0hours ago"), (timedelta(days=1), "1 day ago"), (timedelta(days=40), "40 days ago")],
)
def test_time_that_has_passed_is_said_in_whole_days_from_one_day_on(since: timedelta, said: str) -> None:
    with override("en"):
        assert ago(timezone.now() - since) == said

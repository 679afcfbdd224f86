"""Who uses a project stands in the search as a facet, and changes there as soon as somebody says something else."""

import datetime

import pytest
from django.utils import timezone

from people.reuse.reminders import run as ask_about_reuse
from projects.models import Reuse
from search.engines import Engine
from search.indexing.documents import from_page
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, MunicipalityFactory, ProjectPageFactory, artefact
from tests.search.test_events import found, synced_anew

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_reuse_changes_the_facet_of_a_project_when_declared_confirmed_and_removed(engine: Engine) -> None:
    project = ProjectPageFactory(title="Ampel", children={"artefacts": [artefact(title="Satzung")]})
    unit = BodyPageFactory().municipality
    drain()
    used = Reuse.objects.create(project=project, municipality=unit, stage="pilot")
    assert found(engine, nachnutzung=("unbestaetigt",)) == ["Ampel", "Satzung"]
    used.confirmed_at = timezone.now()
    used.save()
    assert found(engine, nachnutzung=("eine",)) == ["Ampel", "Satzung"]
    used.refused_at, used.confirmed_at = timezone.now(), None
    used.save()
    assert found(engine, nachnutzung=("eine", "unbestaetigt")) == []
    assert synced_anew(used.delete, project)


def test_asking_about_reuse_changes_nothing_but_a_year_without_an_answer_does(engine: Engine) -> None:
    project = ProjectPageFactory(title="Ampel")
    a_year_ago = timezone.now() - datetime.timedelta(days=366)
    used = Reuse.objects.create(
        project=project, municipality=BodyPageFactory().municipality, stage="produktiv", confirmed_at=a_year_ago
    )

    def ask() -> None:
        used.asked_at = timezone.now()
        used.save(update_fields=["asked_at"])

    assert not synced_anew(ask, project)
    assert synced_anew(ask_about_reuse, project)
    assert found(engine, nachnutzung=("unbestaetigt",)) == ["Ampel"]


@pytest.mark.parametrize(
    ("confirmed", "unconfirmed", "expected"),
    [(0, 1, "unbestaetigt"), (1, 3, "eine"), (2, 0, "mehrere"), (4, 1, "mehrere"), (5, 0, "viele")],
)
def test_the_facet_counts_what_users_say_themselves(confirmed: int, unconfirmed: int, expected: str) -> None:
    project = ProjectPageFactory()
    for number in range(confirmed + unconfirmed):
        Reuse.objects.create(
            project=project,
            municipality=MunicipalityFactory(),
            stage="produktiv",
            confirmed_at=timezone.now() if number < confirmed else None,
        )
    Reuse.objects.create(project=project, municipality=MunicipalityFactory(), confirmed_at=timezone.now())
    assert from_page(project)[0].facets["nachnutzung"] == (expected,), "Whoever examines uses nothing yet"

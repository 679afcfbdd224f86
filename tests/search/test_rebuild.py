"""The index as a whole: built anew beside the old one, compared, swapped, taken back; and compared every day."""

from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.models import ProjectPage
from search.engines import Document, Engine, EngineError, PageDocuments, RejectedError
from search.engines.queries import Query
from search.indexing import reading
from search.indexing import rebuild as whole
from search.indexing.outbox import drain
from search.indexing.rebuild import compare, rebuild
from search.indexing.upkeep import reconcile
from search.models import OutboxEntry
from tests.factories import ProjectPageFactory, artefact

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

Write = Callable[[Any, Sequence[PageDocuments]], None]


@pytest.fixture(autouse=True)
def _without_meaning(settings: Any) -> None:
    """Which has tests of its own."""
    settings.SEARCH_MEANING = "off"


@pytest.fixture
def rebuild_write(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Write], Write]], None]:
    """Change how a rebuild writes: give a function from the real way to another."""

    with engine.rebuild() as building:
        kind = type(building)

    def change(wrap: Callable[[Write], Write]) -> None:
        monkeypatch.setattr(kind, "write", wrap(kind.write))

    return change


def titles(engine: Engine) -> list[str]:
    hits = engine.search(Query(filters={"typ": ("projekt",)}, limit=100), audience="public").hits
    return sorted(hit.title for hit in hits)


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_what_a_new_index_lost_is_written_again_before_the_swap(engine: Engine, rebuild_write: Any) -> None:
    ProjectPageFactory(title="Ampel", children={"artefacts": [artefact()]})
    drain()
    calls = []

    def losing_the_first(write: Write) -> Write:
        def lose(self: Any, changes: Sequence[PageDocuments]) -> None:
            calls.append(len(changes))
            write(self, changes if len(calls) > 1 else changes[1:])

        return lose

    rebuild_write(losing_the_first)
    assert rebuild(engine).documents == 3
    assert calls == [2, 1]
    assert compare(engine).is_equal


def test_a_new_index_that_differs_from_the_database_is_not_used(engine: Engine, rebuild_write: Any) -> None:
    ProjectPageFactory(title="Ampel")
    drain()
    ProjectPageFactory(title="Bank")
    drain()
    rebuild_write(lambda write: lambda self, changes: write(self, changes[:1]))
    with pytest.raises(EngineError, match="the old one stays"):
        rebuild(engine)
    assert titles(engine) == ["Ampel", "Bank"]
    assert compare(engine).is_equal


def test_a_page_that_changes_while_it_is_being_written_ends_up_in_its_last_state(
    engine: Engine, rebuild_write: Any
) -> None:
    project, gone = ProjectPageFactory(title="Ampel"), ProjectPageFactory(title="Weg")
    drain()

    def overtaken(write: Write) -> Write:
        def change_first(self: Any, changes: Sequence[PageDocuments]) -> None:
            if project.title == "Ampel":
                project.title = "Bank"
                project.save_revision().publish()
                gone.unpublish()
                ProjectPageFactory(title="Neu")
                drain()
            write(self, changes)

        return change_first

    rebuild_write(overtaken)
    rebuild(engine)
    assert titles(engine) == ["Bank", "Neu"]
    assert compare(engine).is_equal


def test_what_waited_is_done_with_the_rebuild(engine: Engine) -> None:
    ProjectPageFactory()
    assert OutboxEntry.objects.update(is_dead=True, attempts=8)
    rebuild(engine)
    assert not OutboxEntry.objects.pending().exists()


def test_a_page_refused_by_the_engine_keeps_no_other_out_of_a_rebuild(engine: Engine, rebuild_write: Any) -> None:
    bad = ProjectPageFactory(title="Schlecht")
    ProjectPageFactory(title="Gut")

    def refusing(write: Write) -> Write:
        def refuse(self: Any, changes: Sequence[PageDocuments]) -> None:
            write(self, [change for change in changes if change.page_id != bad.pk])
            if any(change.page_id == bad.pk for change in changes):
                raise RejectedError({bad.pk: "field of the wrong kind"})

        return refuse

    rebuild_write(refusing)
    assert rebuild(engine).failed == {bad.pk: "field of the wrong kind"}
    assert titles(engine) == ["Gut"]
    assert list(OutboxEntry.objects.pending().values_list("page_id", flat=True)) == [bad.pk]


def test_a_page_refused_in_the_end_counts_as_one_refused_at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = ProjectPageFactory(title="Schlecht")
    ProjectPageFactory(title="Gut")
    with engine.rebuild() as building:
        kind = type(building)
    write, finish = kind.write, kind.finish_filling

    left_out: list[PageDocuments] = []

    def leave_out(self: Any, changes: Sequence[PageDocuments]) -> None:
        left_out.extend(change for change in changes if change.page_id == bad.pk)
        write(self, [change for change in changes if change.page_id != bad.pk])

    def refuse(self: Any) -> None:
        finish(self)
        if left_out:
            left_out.clear()
            raise RejectedError({bad.pk: "field of the wrong kind"})

    monkeypatch.setattr(kind, "write", leave_out)
    monkeypatch.setattr(kind, "finish_filling", refuse)
    assert rebuild(engine).failed == {bad.pk: "field of the wrong kind"}
    assert titles(engine) == ["Gut"]
    assert list(OutboxEntry.objects.pending().values_list("page_id", flat=True)) == [bad.pk]


def test_a_page_that_cannot_be_read_keeps_no_other_out_and_is_named(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = ProjectPageFactory(title="Schlecht")
    ProjectPageFactory(title="Gut")
    from_pages = reading.from_pages

    def sometimes(page_ids: Any) -> Any:
        if bad.pk in set(page_ids):
            raise ValueError("damaged block")
        return from_pages(page_ids)

    monkeypatch.setattr(reading, "from_pages", sometimes)
    with pytest.raises(CommandError, match="1 pages are not in the index"):
        run("rebuild_index")
    assert titles(engine) == ["Gut"]
    with pytest.raises(CommandError):
        run("reconcile_index")


def test_an_interrupted_rebuild_leaves_the_old_index(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ProjectPageFactory(title="Ampel")
    drain()
    for module, step in ((reading, "read_batch"), (whole, "_held")):
        with monkeypatch.context() as patch:
            patch.setattr(module, step, lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                rebuild(engine)
        assert titles(engine) == ["Ampel"]
        assert compare(engine).is_equal
    rebuild(engine)
    assert compare(engine).is_equal


def test_rollback_goes_back_and_brings_in_what_the_earlier_index_lacks(engine: Engine) -> None:
    ProjectPageFactory(title="Ampel")
    run("rebuild_index")
    kept = ProjectPageFactory(title="Bank")
    run("rebuild_index")
    kept.title = "Bus"
    kept.save_revision().publish()
    drain()
    assert "The earlier index is in use again." in run("rebuild_index", "--rollback")
    assert titles(engine) == ["Ampel", "Bus"]
    assert compare(engine).is_equal
    run("rebuild_index", "--rollback")
    assert titles(engine) == ["Ampel", "Bus"]


def test_rollback_without_an_earlier_index_says_so(engine: Engine, settings: Any, tmp_path: Any) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/fresh"
    with pytest.raises(CommandError, match="no earlier index"):
        run("rebuild_index", "--rollback")


def test_reconcile_counts_documents_and_pages_of_each_kind_of_difference(engine: Engine) -> None:
    missing = ProjectPageFactory(title="Fehlt", children={"artefacts": [artefact()]})
    stale = ProjectPageFactory(title="Alt", children={"artefacts": [artefact(), artefact()]})
    drain()
    version = OutboxEntry.objects.get(page_id=missing.pk).version
    engine.write(
        [
            PageDocuments(missing.pk, version=version),
            PageDocuments(999_999, (Document("projekt-999999", 999_999, "Weg", "", "public", 0),)),
        ]
    )
    ProjectPage.objects.filter(pk=stale.pk).update(title="Neu")
    stale.artefacts.model.objects.filter(pk=stale.artefacts.first().pk)._raw_delete("default")
    found, left = reconcile(engine)
    assert (found.missing, found.stale, found.orphaned) == ({missing.pk}, {stale.pk}, {999_999})
    assert (found.missing_documents, found.stale_documents, found.orphaned_documents) == (2, 2, 2)
    assert (found.documents, found.indexed) == (6, 6)
    assert left.is_equal


def test_reconcile_only_reports_if_told_so(engine: Engine) -> None:
    ProjectPageFactory()
    assert compare(engine).missing_documents == 2
    with pytest.raises(CommandError):
        run("reconcile_index", "--dry-run")
    assert compare(engine).missing_documents == 2
    assert "Repaired." in run("reconcile_index")
    assert compare(engine).is_equal


def test_both_indexes_are_rebuilt_and_compared(engine: Engine, settings: Any, tmp_path: Any) -> None:
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    ProjectPageFactory()
    assert run("rebuild_index").count("2 documents are in the index") == 2
    assert run("reconcile_index", "--dry-run").count("2 documents in the database, 2 in the index") == 2

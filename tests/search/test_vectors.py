"""What the process keeps in memory is what the database says, and reads no more than what changed."""

import datetime
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from search.engines import Document, Engine, PageDocuments
from search.engines.queries import Query
from search.semantic import vectors
from search.semantic.embeddings import Embedding, PageMeaning
from search.semantic.encoder import DIMENSIONS, MODEL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("model")]


def axis(number: int) -> vectors.Vector:
    """A vector that has nothing in common with those of other numbers."""
    return np.eye(DIMENSIONS, dtype=np.float32)[number]


def keep(page_id: int, number: int | None, model: str = MODEL) -> None:
    """The page means what `number` stands for, or nothing any more."""
    digest = None
    if number is not None:
        digest = f"{number:08x}".ljust(32, "0")
        row = {"model": model, "vector": vectors.as_bytes(axis(number))}
        Embedding.objects.get_or_create(digest=digest, defaults=row)
    changed = {"embedding_id": digest, "changed_at": timezone.now()}
    PageMeaning.objects.update_or_create(page_id=page_id, defaults=changed)


def near(number: int) -> dict[int, float]:
    return {page_id: cosine for page_id, cosine in vectors.table().nearest(axis(number), 10).items() if cosine > 0.5}


def test_pages_are_near_to_what_they_mean() -> None:
    keep(7, 1)
    keep(3, 2)
    keep(5, 1)
    assert list(near(1)) == [5, 7]
    cosines = vectors.table().cosines([3, 99, 7], axis(1)).tolist()
    assert (cosines[0], cosines[2]) == (0, 1)
    assert np.isnan(cosines[1])


def test_a_new_a_changed_and_a_removed_meaning_are_seen_at_once() -> None:
    keep(1, 1)
    keep(2, 2)
    assert list(near(1)) == [1]
    keep(2, 1)
    keep(3, 1)
    assert list(near(1)) == [1, 2, 3]
    keep(1, None)
    assert list(near(1)) == [2, 3]


def test_a_change_whose_transaction_ends_late_is_seen() -> None:
    keep(1, 1)
    assert list(near(1)) == [1]
    keep(2, 1)
    PageMeaning.objects.filter(page_id=2).update(changed_at=timezone.now() - vectors.OVERLAP / 2)
    assert list(near(1)) == [1, 2]


def test_only_what_changed_is_read_again(django_assert_num_queries: Any) -> None:
    keep(1, 1)
    vectors.table()
    PageMeaning.objects.update(changed_at=timezone.now() - datetime.timedelta(hours=1))
    with django_assert_num_queries(1):
        vectors.table()


def test_vectors_of_another_model_are_not_mixed_in() -> None:
    keep(1, 1, model="another")
    assert near(1) == {}
    assert vectors.of_pages([1]) == {}


def test_a_promised_vector_is_none_yet() -> None:
    Embedding.objects.create(digest="f" * 32, model=MODEL)
    PageMeaning.objects.create(page_id=1, embedding_id="f" * 32)
    assert vectors.of_pages([1]) == {}
    assert len(vectors.table().page_ids) == 0


def test_vectors_of_pages_are_numbers_of_two_bytes() -> None:
    keep(4, 1)
    assert vectors.of_pages([4, 5]) == {4: axis(1).astype("<f2").tobytes()}


@pytest.mark.both_engines
def test_nearest_hits_are_only_those_the_audience_may_find(engine: Engine) -> None:
    changes = []
    for page_id, audience in ((1, "public"), (2, "members"), (3, "public")):
        keep(page_id, page_id)
        facets = {"typ": ("projekt",), "land": ("05" if page_id == 3 else "09",)}
        documents = (Document(f"projekt-{page_id}", page_id, "Titel", "", audience, 0, "", facets),)  # type: ignore[arg-type]
        changes.append(PageDocuments(page_id, documents, version=page_id))
    engine.write(changes)
    wanted: Any = axis(2) + axis(1) / 2
    wanted = (wanted / np.linalg.norm(wanted)).astype(np.float32)

    def found(query: Query, audience: Any) -> list[int]:
        return [hit.page_id for hit in vectors.nearest_hits(wanted, query, engine=engine, audience=audience)]

    assert found(Query(), "members")[:2] == [2, 1]
    assert 2 not in found(Query(), "public")
    assert found(Query(filters={"land": ("05",)}), "members") == [3]
    assert 1 not in found(Query(without_page=1), "members")
    assert len(found(Query(limit=1), "members")) == 1

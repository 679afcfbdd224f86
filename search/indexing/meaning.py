"""Computes the embeddings of changed pages, in the background, after their words have been indexed.

What is to do stands in the database, so a worker that is killed loses nothing: the outbox row of every page says which
version's meaning is known. Now and then all texts are compared, which finds what no event told. A text that was ever
computed is never computed again. Must not know an engine.
"""

import datetime
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from search.indexing.reading import read
from search.kinds.registry import kinds
from search.models import OutboxEntry
from search.semantic import encoder
from search.semantic.embeddings import Embedding, PageMeaning, digest_of, views_of
from search.semantic.encoder import MODEL
from search.semantic.vectors import as_bytes

# Pages computed in one go: about a second on one core, as long as the words of the next change may have to wait.
EMBED_BATCH = 4
# Pages looked at in one go; most keep their text, which costs one comparison.
LOOK_BATCH = 200
# How often all texts are compared: some seconds for 20,000 pages.
COMPARE_EVERY = datetime.timedelta(hours=1)


@dataclass
class _Comparison:
    """Pages of this process's last comparison whose vector is missing or of another text."""

    due: list[int] = field(default_factory=list)
    next_at: float = 0.0  # on the monotonic clock


_comparison = _Comparison()


def embed_pending(limit: int = EMBED_BATCH) -> int:
    """Look after the meaning of pages that changed, computing at most `limit`; returns how many pages are done.

    0 means that nothing is left to do, or nothing that this process can do: no model, or another one is at work.
    """
    if not encoder.is_available():
        return 0
    entries = _due_entries()
    page_ids = [entry.page_id for entry in entries] or _compared()
    if not page_ids:
        return 0
    texts = _texts(page_ids)
    digests = {page_id: digest_of(text, MODEL) for page_id, text in texts.items()}
    known = Embedding.objects.known(set(digests.values()))
    known |= _compute({digests[page_id]: texts[page_id] for page_id in texts if digests[page_id] not in known}, limit)
    done = {page_id: digests.get(page_id) for page_id in page_ids if digests.get(page_id, "") in {"", *known}}
    with transaction.atomic():
        _assign(done)
        _note_done([entry for entry in entries if entry.page_id in done])
    _comparison.due = [page_id for page_id in _comparison.due if page_id not in done]
    return len(done)


def pending() -> int:
    """How many pages at least wait for their meaning: changed ones, or ones that never had any."""
    live = sum(kind.pages().count() for kind in kinds.with_meaning)
    return max(_waiting().count(), live - PageMeaning.objects.exclude(embedding=None).count())


def compare_soon() -> None:
    """Compare all texts with the next call, as after the database was replaced."""
    _comparison.due.clear()
    _comparison.next_at = 0.0


def _waiting() -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(synced_version__gt=F("vector_version"))


def _due_entries() -> list[OutboxEntry]:
    return list(_waiting().order_by("synced_at").only("page_id", "synced_version", "vector_version")[:LOOK_BATCH])


def _compared() -> list[int]:
    """Pages that no event told of, from the comparison of all texts."""
    if not _comparison.due and time.monotonic() >= _comparison.next_at:
        _comparison.next_at = time.monotonic() + COMPARE_EVERY.total_seconds()
        Embedding.objects.unused().delete()
        held = dict(PageMeaning.objects.exclude(embedding=None).values_list("page_id", "embedding_id"))
        for page_id, text in _texts().items():
            if held.pop(page_id, None) != digest_of(text, MODEL):
                _comparison.due.append(page_id)
        _comparison.due.extend(held)
    return _comparison.due[:LOOK_BATCH]


def _texts(page_ids: Collection[int] | None = None) -> dict[int, tuple[str, ...]]:
    """What the meaning of each page is computed from: what is found of it. All live pages without `page_ids`."""
    live: list[int] = []
    for kind in kinds.with_meaning:
        pages = kind.pages()
        live += (pages if page_ids is None else pages.filter(pk__in=page_ids)).values_list("pk", flat=True)
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(live), LOOK_BATCH):
        described = read(live[start : start + LOOK_BATCH]).documents
        # A page's own document comes first, those of its artefacts after it.
        found |= {page_id: views_of(own.title, own.content) for page_id, (own, *_artefacts) in described.items()}
    return found


def _compute(texts: Mapping[str, Sequence[str]], limit: int) -> set[str]:
    """Compute and keep the vectors of some pages' texts, by digest; returns whose."""
    claimed = Embedding.objects.claim(texts, MODEL, limit)
    if not claimed:
        return set()
    vectors = encoder.page_vectors([texts[digest] for digest in claimed])
    rows = [
        Embedding(digest=digest, model=MODEL, vector=as_bytes(vector), created_at=timezone.now())
        for digest, vector in zip(claimed, vectors, strict=True)
    ]
    Embedding.objects.bulk_update(rows, ["vector", "created_at"])
    return set(claimed)


def _assign(digests: Mapping[int, str | None]) -> None:
    """Note which vector each page has."""
    held = dict(PageMeaning.objects.filter(page_id__in=digests).values_list("page_id", "embedding_id"))
    changed = {page_id: digest for page_id, digest in digests.items() if held.get(page_id) != digest}
    now = timezone.now()
    PageMeaning.objects.bulk_create(
        [PageMeaning(page_id=page_id, embedding_id=digest, changed_at=now) for page_id, digest in changed.items()],
        update_conflicts=True,
        unique_fields=["page_id"],
        update_fields=["embedding", "changed_at"],
    )


def _note_done(entries: Collection[OutboxEntry]) -> None:
    """Rows that somebody changes at this moment are left for the next time: nobody waits for anybody."""
    versions = {entry.pk: entry.synced_version for entry in entries}
    rows = list(OutboxEntry.objects.filter(pk__in=versions).order_by("page_id").unlocked())
    for row in rows:
        row.vector_version = versions[row.pk]
    OutboxEntry.objects.bulk_update(rows, ["vector_version"])

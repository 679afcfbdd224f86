"""What the search server keeps of a document: the mapping of its index, and the form in which documents are sent.

Texts arrive as finished tokens, so the server only splits at spaces. Must not ask the server anything.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from elasticsearch import dsl

from search.engines.contract import VISIBLE_TO, Audience
from search.kinds.document import Document
from search.kinds.registry import kinds
from search.text.analysis import ANALYSIS_VERSION
from search.text.spelling import fold

SCHEMA_VERSION = 1
# Between the folded spelling, by which vocabulary is found, and the word as written.
SPELLING_MARK = "\t"
# Needed after a search; everything else is only searched, and left out of what the server keeps to read.
KEPT = ("key", "page", "title", "content")
# Pages of results end somewhere.
MAX_WINDOW = 100_000
# A write that is late by minutes must still lose against the removal it missed.
GC_DELETES = "1h"
# Every write of the worker makes itself visible; this is for what others might write.
REFRESH_INTERVAL = "30s"


def spelling_field(audience: Audience) -> str:
    """The field with the words that this audience may see, from which corrections are suggested."""
    return f"spelling_{audience}"


def reversed_field(audience: Audience) -> str:
    """The field with the words of `spelling_field` read backwards.

    With two errors, the server finds only words whose first letter is right.
    """
    return f"gnilleps_{audience}"


def mapping() -> dict[str, Any]:
    """The fields of the index; a change of what is written into them has to count up SCHEMA_VERSION."""
    fields = dsl.Mapping()
    fields.meta("dynamic", "strict")
    fields.meta("_source", includes=list(KEPT))
    for name in ("key", "page", "audience", "digest", "title_order", *kinds.keyword_fields):
        fields.field(name, dsl.Keyword())
    fields.field("newest", dsl.Long())
    fields.field("text", dsl.Text(analyzer="whitespace", index_options="positions"))
    fields.field("parts", dsl.Text(analyzer="whitespace", index_options="freqs"))
    fields.field("vocabulary", dsl.Keyword())
    for audience in VISIBLE_TO:
        for name in (spelling_field(audience), reversed_field(audience)):
            fields.field(name, dsl.Text(analyzer="whitespace", index_options="docs", norms=False))
    for name in ("title", "content"):
        fields.field(name, dsl.Keyword(index=False, doc_values=False))
    return dict(fields.to_dict())


def schema_hash() -> str:
    """Differs whenever an index on the server can no longer be read by this code."""
    state = json.dumps([SCHEMA_VERSION, ANALYSIS_VERSION, mapping()], sort_keys=True)
    return hashlib.sha256(state.encode()).hexdigest()[:12]


def settings(shards: int) -> dict[str, Any]:
    """Settings of a new index; copies are added when it is full."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "gc_deletes": GC_DELETES,
        "max_result_window": MAX_WINDOW,
        "refresh_interval": REFRESH_INTERVAL,
        # The same as the embedded engine's, written down because both have to rank alike.
        "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
    }


def stored_form(document: Document) -> dict[str, Any]:
    """A document as it is sent."""
    tokens = document.tokens
    spellings = [fold(word) for word in tokens.vocabulary]
    spelled = " ".join(dict.fromkeys(spellings))
    sent: dict[str, Any] = {
        "key": document.key,
        "page": str(document.page_id),
        "audience": document.audience,
        "title": document.title,
        "title_order": fold(document.title),
        "content": document.content,
        "digest": document.digest,
        "newest": document.newest,
        "text": tokens.text,
        "parts": tokens.parts,
        "vocabulary": [
            f"{folded}{SPELLING_MARK}{word}" for folded, word in zip(spellings, tokens.vocabulary, strict=True)
        ],
        **{name: list(values) for name, values in document.facets.items()},
    }
    for audience, visible in VISIBLE_TO.items():
        if document.audience in visible:
            sent[spelling_field(audience)] = spelled
            # Read backwards as a whole, every word is read backwards; their order does not matter.
            sent[reversed_field(audience)] = spelled[::-1]
    return sent


def operations(document: Document, version: int, index: str) -> Iterator[Mapping[str, Any]]:
    """The lines of a bulk request that bring a document in, unless a newer one is there."""
    yield {"index": _target(document.key, version, index)}
    yield stored_form(document)


def removal(key: str, version: int, index: str) -> Mapping[str, Any]:
    """The line of a bulk request that removes a document, also one that is still to come with an older version."""
    return {"delete": _target(key, version, index)}


def _target(key: str, version: int, index: str) -> dict[str, Any]:
    return {"_index": index, "_id": key, "version": version, "version_type": "external_gte"}

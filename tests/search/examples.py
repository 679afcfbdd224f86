"""Documents and queries as tests of engines write them."""

from typing import Any

from search.engines import Document, Engine, PageDocuments
from search.engines.queries import Query, group_of
from search.text.analysis import words


def document(page_id: int, title: str, **fields: Any) -> Document:
    defaults: dict[str, Any] = {"content": "", "audience": "public", "newest": page_id}
    return Document(f"projekt-{page_id}", page_id, title, **(defaults | fields))


def put(engine: Engine, *documents: Document, version: int = 0) -> None:
    engine.write([PageDocuments(found.page_id, (found,), version) for found in documents])


def query(text: str, **fields: Any) -> Query:
    groups = tuple(group_of(word) for word in words(text))
    return Query(groups, **fields)


def titles(engine: Engine, asked: Query, audience: Any = "public") -> list[str]:
    return [hit.title for hit in engine.search(asked, audience=audience).hits]

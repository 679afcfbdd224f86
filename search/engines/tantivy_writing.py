"""Writing the embedded index: what it keeps of a document, changes one by one, and a new index filled in one go.

Documents are deleted by a raw text key: deleting by an unsigned number deletes nothing without a word. Must not know
which index is in use.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import tantivy

from search.engines.contract import Audience, EngineError, PageDocuments
from search.engines.generations import FileLock, Generations
from search.engines.tantivy_queries import SPELLING_MARK, schema, visible
from search.kinds.document import Document
from search.text.spelling import fold

# tantivy's smallest writer: a write changes one page, or as many as a drain brings in at once.
WRITER_BYTES = 15_000_000
WRITER_THREADS = 1
# Of the writer that fills a new index: so many bytes are indexed before they become a part of the index on disk. With
# more, the last part keeps the end waiting; with less, parts are merged again and again.
FILLING_BYTES = 50_000_000


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """tantivy reports everything as ValueError; the file system as OSError."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise EngineError(f"{doing}: {error}") from error


def write_into(path: Path, changes: Sequence[PageDocuments], lock: FileLock) -> None:
    """Replace the documents of the pages in one generation, in one commit. The caller holds the lock.

    About every seventh write merges small parts of the index, which takes some tenths of a second with 20,000
    documents; nobody waits for it but the next writer.
    """
    lock.finish_now()
    with engine_errors("write"):
        writer = tantivy.Index.open(str(path)).writer(WRITER_BYTES, WRITER_THREADS)
        for change in changes:
            writer.delete_documents_by_term("page", str(change.page_id))
            for document in change.documents:
                writer.add_document(stored_form(document))
        writer.commit()
    lock.finish_later(partial(_merge, writer))


def _merge(writer: tantivy.IndexWriter) -> None:
    with engine_errors("merge"):
        writer.wait_merging_threads()


class TantivyRebuild:
    """Implements `search.engines.contract.Rebuild`.

    tantivy has one writer at a time, and a commit costs as much as writing some hundred documents. So the new index is
    filled by one writer with one commit, and others write into it only when it is full.
    """

    def __init__(self, generations: Generations) -> None:
        """Begin a new generation. Raises EngineError."""
        self.generations = generations
        with generations.writing(), engine_errors("new index"):
            self.path = generations.begin()
            index = tantivy.Index(schema(), path=str(self.path))
            self._filling: tantivy.IndexWriter | None = index.writer(FILLING_BYTES, WRITER_THREADS)
        self._filled: set[int] = set()  # pages

    def write(self, changes: Sequence[PageDocuments]) -> None:
        if self._filling is None:
            with self.generations.writing():
                write_into(self.path, changes, self.generations.writing)
            return
        with engine_errors("fill"):
            for change in changes:
                if change.page_id in self._filled:
                    self._filling.delete_documents_by_term("page", str(change.page_id))
                self._filled.add(change.page_id)
                for document in change.documents:
                    self._filling.add_document(stored_form(document))

    def finish_filling(self) -> None:
        if self._filling is None:
            return
        with engine_errors("fill"):
            self._filling.commit()
            self._filling.wait_merging_threads()
        self._filling = None
        # Under the lock: a drain that is under way and does not know of this generation is over by then.
        with self.generations.writing(), engine_errors("new index"):
            self.generations.announce(self.path)

    def publish(self) -> None:
        """Searches read the new index, which is filled, from now on."""
        with self.generations.writing(), engine_errors("swap"):
            self.generations.publish(self.path)

    def abandon(self) -> None:
        self._filling = None
        with self.generations.writing():
            self.generations.abandon(self.path)

    def digests(self, *, audience: Audience) -> Iterator[tuple[str, int, str]]:
        self.finish_filling()
        with engine_errors("open new index"):
            searcher = tantivy.Index.open(str(self.path)).searcher()
        yield from digests_of(searcher, audience)


# --- what is kept of a document ---------------------------------------------------------------------------------------


def stored_form(document: Document) -> tantivy.Document:
    stored = tantivy.Document(
        key=document.key,
        page=str(document.page_id),
        audience=document.audience,
        title=document.title.encode(),
        title_order=fold(document.title),
        content=document.content.encode(),
        digest=document.digest.encode(),
        newest=document.newest,
        text=document.tokens.text,
        parts=document.tokens.parts,
    )
    for facet, values in document.facets.items():
        for value in values:
            stored.add_text(facet, value)
    for word in document.tokens.vocabulary:
        stored.add_text("vocabulary", f"{fold(word)}{SPELLING_MARK}{word}")
    return stored


def kept(stored: tantivy.Document, name: str) -> str:
    """What the index keeps of a field to read; empty if nothing."""
    value = stored.get_first(name)
    return value.decode() if isinstance(value, bytes) else str(value or "")


def digests_of(searcher: tantivy.Searcher, audience: Audience) -> Iterator[tuple[str, int, str]]:
    with engine_errors("digests"):
        found = searcher.search(visible(audience), limit=max(searcher.num_docs, 1))
        for _score, address in found.hits:
            stored = searcher.doc(address)
            yield kept(stored, "key"), int(kept(stored, "page")), kept(stored, "digest")

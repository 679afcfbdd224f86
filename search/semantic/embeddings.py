"""Embeddings: where the meaning of texts is kept as vectors, so that no text is ever computed twice.

A vector belongs to texts and a model, not to a page: a page that gets an older text back, or an index that is built
anew, finds it again. Must not know an engine or the model itself.
"""

import datetime
import hashlib
from collections.abc import Collection, Sequence
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# What a text is about is said by then; more blurs it.
TEXT_MAX_CHARACTERS = 1_000
# A batch takes a second or two; a process that promised one and did not bring it by then was killed.
LEASE = datetime.timedelta(seconds=60)
# Whoever takes a page off line for some weeks does not pay again; after that nothing is left of its text.
KEPT = datetime.timedelta(days=90)
NOT_YET = b""


def text_of(title: str, told: str) -> str:
    """What the meaning of a draft is computed from."""
    return " ".join(f"{title}. {told}".split())[:TEXT_MAX_CHARACTERS]


def views_of(title: str, content: str) -> tuple[str, ...]:
    """The texts the meaning of a page is computed from: its title, all of it, and what it says without its title.

    A title is often a name that nobody else would think of; drafts say what they are about.
    """
    told = " ".join(content.split())[:TEXT_MAX_CHARACTERS]
    views = (" ".join(title.split()), text_of(title, told))
    return (*views, told) if told else views


def described(summary: str, problem: str) -> str:
    """What a draft says of itself: summary and problem, or the problem alone if it begins with the same."""
    problem = " ".join(problem.split())
    return problem if problem.startswith(summary) else "\n".join(text for text in (summary, problem) if text)


def digest_of(texts: Sequence[str], model: str) -> str:
    """Names the vector of a page's texts under a model."""
    return hashlib.sha256("\n".join((model, *texts)).encode(errors="replace")).hexdigest()[:32]


class EmbeddingQuerySet(models.QuerySet["Embedding"]):
    def known(self, digests: Collection[str]) -> set[str]:
        """Those of the texts whose vectors are there."""
        return set(self.filter(digest__in=digests).exclude(vector=NOT_YET).values_list("digest", flat=True))

    def claim(self, digests: Collection[str], model: str, limit: int) -> list[str]:
        """At most so many texts for this process to compute; another one's are left out until its lease ends."""
        now = timezone.now()
        claimed: list[str] = []
        for digest in digests:
            if len(claimed) >= limit:
                break
            row, is_new = self.get_or_create(digest=digest, defaults={"model": model, "created_at": now})
            left = self.filter(digest=digest, vector=NOT_YET, created_at__lt=now - LEASE)
            if is_new or (not row.vector and left.update(created_at=now)):
                claimed.append(digest)
        return claimed

    def unused(self) -> Self:
        """Those of texts that no page has had for a while."""
        return self.filter(pages=None, created_at__lt=timezone.now() - KEPT)


class Embedding(models.Model):
    """The meaning of one text: a vector as 16-bit floats, or the promise that a process computes it."""

    digest = models.CharField(_("fingerprint of model and text"), max_length=32, primary_key=True)
    model = models.CharField(_("model"), max_length=60)
    vector = models.BinaryField(_("vector"), default=NOT_YET)
    created_at = models.DateTimeField(_("computed"), default=timezone.now)

    objects = EmbeddingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meaning of a text")
        verbose_name_plural = _("meanings of texts")

    def __str__(self) -> str:
        return self.digest


class PageMeaning(models.Model):
    """Which vector belongs to a page now; none once the page is no longer live.

    Rows stay when pages go, so that whoever keeps the vectors in memory sees every change by its time.
    """

    page_id = models.BigIntegerField(_("page number"), primary_key=True)
    embedding = models.ForeignKey(
        Embedding, models.PROTECT, related_name="pages", null=True, verbose_name=_("meaning of its text")
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("meaning of a page")
        verbose_name_plural = _("meanings of pages")
        indexes = [models.Index(fields=["changed_at"], name="search_meaning_changed")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.embedding_id}"


class LineMeaning(models.Model):
    """The meaning of a line by which a term of a vocabulary is recognised: a service's name, what belongs to a field.

    Rows whose line is gone are deleted; whoever keeps the vectors in memory compares what is there.
    """

    digest = models.CharField(_("fingerprint of model and text"), max_length=32, primary_key=True)
    vector = models.BinaryField(_("vector"))

    class Meta:
        verbose_name = _("meaning of a line of a vocabulary")
        verbose_name_plural = _("meanings of lines of vocabularies")

    def __str__(self) -> str:
        return self.digest

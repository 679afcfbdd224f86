"""Guides and reports of experience."""

from collections.abc import Iterable
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from knowledge.models import ArticlePage
from search.kinds.base import PageKind
from search.kinds.projects import FIELD_OF_ACTION
from search.kinds.text import stream_text


class Articles(PageKind):
    """What the staff write for all."""

    key = "wissen"
    name = plural = _("Knowledge")
    model = ArticlePage
    has_meaning = True
    facets: ClassVar = {FIELD_OF_ACTION: "topics__slug"}

    def text(self, thing: ArticlePage) -> Iterable[str]:
        return thing.summary, stream_text(thing.body)

    def leading(self, thing: ArticlePage) -> Iterable[str]:
        return str(thing.get_kind_display()), thing.author, *(topic.name for topic in thing.topics.all())

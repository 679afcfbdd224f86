"""The abstract page every page type of the platform extends; it adds as little as possible."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import ObjectList, TabbedInterface
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.utils.decorators import cached_classmethod

SUMMARY_MAX_LENGTH = 300


class PageForm(WagtailAdminPageForm):
    """The editor's form; the address follows from the title where none was typed, so that a quick draft is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False


class ReadablePageQuerySet(PageQuerySet[Any]):
    """The one rule of what a visitor may see."""

    def readable(self) -> Self:
        """Published and not behind a view restriction, neither its own nor an ancestor's."""
        return self.live().public()


class BasePage(Page):
    """A page of the platform: says whether it is found by search and sorts its editor into tabs."""

    # "projekt", "wissen" or "stelle" makes the page findable under that type, None keeps it out of the index.
    # Left undefined on purpose: a system check asks every concrete page type to decide.
    search_kind: ClassVar[str | None]

    base_form_class = PageForm

    objects = PageManager.from_queryset(ReadablePageQuerySet)()

    # (panels, heading) of each tab between content and settings, in the order an editor thinks.
    further_tabs: ClassVar[list[tuple[list[Any], Any]]] = []

    class Meta:
        abstract = True

    @cached_classmethod
    def get_edit_handler(cls) -> Any:
        tabs = [ObjectList(cls.content_panels, heading=_("Content"))]
        tabs += [ObjectList(panels, heading=heading) for panels, heading in cls.further_tabs]
        tabs.append(ObjectList([*cls.promote_panels, *cls.settings_panels], heading=_("Address and publication")))
        return TabbedInterface(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)


class SummarisedPage(BasePage):
    """A page with the short text that stands in lists, cards and search results."""

    summary = models.TextField(
        _("summary"),
        max_length=SUMMARY_MAX_LENGTH,
        blank=True,
        help_text=_("One or two sentences that stand for themselves in lists and search results."),
    )

    class Meta:
        abstract = True

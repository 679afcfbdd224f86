"""The abstract page every page type of the platform extends; it adds as little as possible."""

from typing import Any, ClassVar, Self

import structlog
from django.core.exceptions import TooManyFieldsSent
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import ObjectList, TabbedInterface
from wagtail.blocks import BlockField
from wagtail.models import Page, PageManager, Revision
from wagtail.query import PageQuerySet
from wagtail.utils.decorators import cached_classmethod

from pages.access import Audience, closed_to
from pages.addresses import (
    ADDRESS,
    BROWSER_ATTRIBUTES,
    MAX_LENGTH,
    first_free,
    free_slug,
    is_taken_below,
    readable,
)
from pages.gates import HELD_BACK, PUBLISH, SUBMIT
from pages.keys import MOST_DIGITS, key_in
from pages.naming import NamingForm
from pages.publication import NotPublishableError, reasons_against_fields, reasons_against_page

log = structlog.get_logger(__name__)

SUMMARY_MAX_LENGTH = 300
# What Wagtail writes into the log for a page whose time has come.
SCHEDULED = "wagtail.publish.scheduled"
# What forms call the number of their rows and blocks, and more than any page has.
ROW_COUNTS, MOST_ROWS = ("-TOTAL_FORMS", "-count"), 200
# Each new one is a row that staff have to look at.
MOST_TAGS = 30


def _refuse_too_many_rows(data: Any) -> None:
    """Django would make, check and draw thousands of rows for a mere number, for minutes. Answered with 400."""
    counts = (str(data[name]) for name in data if name.endswith(ROW_COUNTS))
    if any((key_in(count) or 0) > MOST_ROWS or len(count) > MOST_DIGITS for count in counts):
        raise TooManyFieldsSent


class PageForm(NamingForm, WagtailAdminPageForm):
    """The editor's form; the address follows from the title where none was typed, so that a quick draft is kept."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        _refuse_too_many_rows(data or {})
        typed, known = (data or {}).get("slug"), getattr(kwargs.get("instance"), "slug", "")
        if typed and typed != known and not ADDRESS.fullmatch(typed):
            # As Wagtail's script does when the field is left.
            data = data.copy()
            data["slug"] = readable(typed, "", MAX_LENGTH)
        super().__init__(data, *args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].widget.attrs |= BROWSER_ATTRIBUTES
        if self.is_bound:
            self._leave_streams_alone()

    def _leave_streams_alone(self) -> None:
        """A stream is drawn by a script: sent without one, the form says nothing about it, and it stays as it was."""
        for name, field in list(self.fields.items()):
            is_stream = isinstance(field, BlockField)
            if is_stream and field.widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name)):
                del self.fields[name]

    def clean(self) -> Any:
        """An address nobody knows yet gives way to a free one; Wagtail's own would write “für” as “fur”."""
        if "slug" in self.cleaned_data:
            wished, title = self.cleaned_data["slug"], self.cleaned_data.get("title", "")
            if not wished:
                self.cleaned_data["slug"] = free_slug(title, self.parent_page, self.instance)
            elif self.instance.first_published_at is None:
                self.cleaned_data["slug"] = first_free([wished], is_taken_below(self.parent_page, self.instance))
        if len(self.cleaned_data.get("tags") or ()) > MOST_TAGS:
            self.add_error("tags", _("Please name at most %(most)d tags.") % {"most": MOST_TAGS})
        return super().clean()

    def defer_required_fields(self) -> None:
        """A draft may lack what is required; what is submitted right after saving may not."""
        if self.data.get(HELD_BACK) != SUBMIT:
            super().defer_required_fields()

    def is_valid(self) -> bool:
        """Names at its field what keeps the page from being published; what was typed stays in the form."""
        if not super().is_valid():
            return False
        if self.is_deferred_validation or PUBLISH not in self.data:
            return True
        children = [form for formset in self.formsets.values() for form in formset if form not in formset.deleted_forms]
        for form in (self, *children):
            for name, reason in reasons_against_fields(form._meta.model, form.cleaned_data).items():
                form.add_error(name, reason)
        return bool(super().is_valid())


class PageCopyForm(CopyForm):
    """A copy gets an address of its own; the one that is proposed belongs to the original."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_slug"].required = False
        self.fields["new_slug"].widget.attrs |= BROWSER_ATTRIBUTES

    def clean(self) -> Any:
        parent = self.cleaned_data.get("new_parent_page") or self.page.get_parent()
        wished = self.cleaned_data.get("new_slug") or readable(self.cleaned_data.get("new_title", ""), self.page.slug)
        self.cleaned_data["new_slug"] = first_free([wished], is_taken_below(parent, None))
        return super().clean()


class ReadablePageQuerySet(PageQuerySet[Any]):
    """The one rule of what a visitor may see, and of what a member may."""

    def readable(self) -> Self:
        """Published and not behind a view restriction, neither its own nor an ancestor's."""
        return self._outside("public")

    def readable_by_members(self) -> Self:
        """What is `readable`, and what is behind the restriction “logged in” alone."""
        return self._outside("members")

    def _outside(self, audience: Audience) -> Self:
        """Published pages outside of the branches that are closed to the audience.

        Wagtail's own `public` adds a condition for each restriction. Plans have thousands, each of a page with none
        below it: one subquery leaves them out, and only real branches get a condition.
        """
        closed = closed_to(audience)
        found = self.live().exclude(pk__in=closed.values("page"))
        for path in closed.filter(page__numchild__gt=0).values_list("page__path", flat=True):
            found = found.exclude(path__startswith=path)
        return found


class BasePage(Page):
    """A page of the platform: says whether it is found by search and sorts its editor into tabs."""

    # Whether the search finds pages of this type. Left undefined on purpose: a system check asks every one to decide.
    is_findable: ClassVar[bool]

    base_form_class = PageForm
    copy_form_class = PageCopyForm

    # Without Wagtail's choice of menus: no menu of the site is made from pages.
    promote_panels: ClassVar[list[Any]] = Page.promote_panels[:1]

    # Set while the page is shown to somebody: True if only members can read it; see `pages.access`.
    is_members_only = False

    objects = PageManager.from_queryset(ReadablePageQuerySet)()

    content_heading: ClassVar[Any] = _("Content")
    # (panels, heading) of each tab between content and settings, in the order an editor thinks.
    further_tabs: ClassVar[list[tuple[list[Any], Any]]] = []
    tabs_class: ClassVar[type[TabbedInterface]] = TabbedInterface

    class Meta:
        abstract = True

    def _set_core_field_defaults(self) -> None:
        """Wagtail's step before every check and save: a page always has an address, whichever way it comes in."""
        if not self.slug and (self.path or getattr(self, "_cached_parent_obj", None)):  # type: ignore[has-type]
            self.slug = free_slug(self.title, self.get_parent(), self)
        super()._set_core_field_defaults()

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Make a version public. Raises NotPublishableError while it refers to something that must not be.

        A page that goes live by the clock waits instead: it is asked again the next time.
        """
        if reasons := reasons_against_page(revision.as_object()):
            if kwargs.get("log_action") == SCHEDULED:
                log.warning("publication_waits", page=self.pk, reasons=reasons)
                return
            raise NotPublishableError(" ".join(reasons))
        super().publish(revision, *args, **kwargs)

    @cached_classmethod
    def get_edit_handler(cls) -> Any:
        tabs = [ObjectList(cls.content_panels, heading=cls.content_heading)]
        tabs += [ObjectList(panels, heading=heading) for panels, heading in cls.further_tabs]
        tabs.append(ObjectList([*cls.promote_panels, *cls.settings_panels], heading=_("Address and publication")))
        return cls.tabs_class(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)


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

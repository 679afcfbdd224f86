"""The editor says in words what keeps a page from being saved, in autosave and preview too: tab, field, reason."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.panels import InlinePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.preview import PreviewOnCreateView, PreviewOnEditView
from wagtail.admin.viewsets.pages import PageViewSet, page_viewset_registry
from wagtail.models import Page

from pages.models import BasePage

# More than these nobody reads at once; the fields themselves say the rest.
FAULTS_SHOWN = 8


def faults_of(edit_handler: Any, form: Any, page: Any, request: Any) -> list[str]:
    """All faults of a form that was found wanting, in the order of its tabs: “tab, row of a list, field: reason”."""
    found = [str(error) for error in form.non_field_errors()]
    tabs = edit_handler.get_bound_panel(request=request, instance=page, form=form)
    for tab in tabs.children:
        found += _below(tab, [_("tab “%(name)s”") % {"name": tab.heading}] if tab.heading else [])
    return found


def _below(panel: Any, place: list[str]) -> Iterator[str]:
    bound = getattr(panel, "bound_field", None)
    if bound is not None and bound.errors:
        field = _("field “%(name)s”") % {"name": bound.label}
        yield _fault([*place, field], " ".join(map(_reason, bound.errors.as_data())))
    formset = getattr(panel, "formset", None)
    for error in formset.non_form_errors() if formset is not None else ():
        yield _fault([*place, str(panel.heading)], error)
    is_list = isinstance(getattr(panel, "panel", None), InlinePanel)
    for number, child in enumerate(getattr(panel, "children", ()), start=1):
        below = [*place, f"{panel.panel.label} {number}"] if is_list else place
        for error in child.form.non_field_errors() if is_list else ():
            yield _fault(below, error)
        yield from _below(child, below)


def _fault(place: list[str], reason: object) -> str:
    return f"{', '.join(place)}: {reason}"


def _reason(error: ValidationError) -> str:
    if hasattr(error, "block_errors"):
        return _("Something is wrong in one of the blocks.")
    return " ".join(map(str, error.messages))


def in_words(faults: list[str]) -> str:
    """All of them on one line, where there is no room for a list."""
    said = " ".join(faults[:FAULTS_SHOWN])
    return _("Not saved yet. %(faults)s") % {"faults": said}


def earlier_draft(page: Page) -> Page | None:
    """What somebody began with the same title in the same place and never published, while this page is no more."""
    if page.first_published_at is not None:
        return None
    same = Q(title__iexact=page.title) | Q(draft_title__iexact=page.title)
    begun = page.get_parent().get_children().filter(same, first_published_at=None, pk__lt=page.pk)
    found: Page | None = begun.exclude(pk=page.pk).order_by("-latest_revision_created_at").first()
    return found


class EditorMixin:
    """What is added to Wagtail's two views of the editor."""

    def json_error_response(self, error_code: str, error_message: str) -> JsonResponse:
        """To autosave, which shows the text beside the title."""
        if error_code == "validation_error":
            error_message = in_words(self.faults())
        answer: JsonResponse = super().json_error_response(error_code, error_message)  # type: ignore[misc]
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if not self.expects_json_response and (faults := self.faults()):  # type: ignore[attr-defined]
            items = format_html_join("", "<li>{}</li>", ((fault,) for fault in faults[:FAULTS_SHOWN]))
            messages.warning(self.request, format_html("<ul>{}</ul>", items))  # type: ignore[attr-defined]
        return answer

    def faults(self) -> list[str]:
        return faults_of(self.edit_handler, self.form, self.page, self.request)  # type: ignore[attr-defined]

    def form_valid(self, form: Any) -> HttpResponse:
        """Of two drafts with one title the other is offered: people begin anew what they do not find."""
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        page, request = self.page, self.request  # type: ignore[attr-defined]
        other = earlier_draft(page) if page.pk and self.action_name == "save" else None  # type: ignore[attr-defined]
        if other is None or not other.permissions_for_user(request.user).can_edit():
            return answer
        text = _("There is a draft with this title already, last changed on %(day)s. Go on with that one?")
        text = text % {"day": date_format(localtime(other.latest_revision_created_at), "SHORT_DATETIME_FORMAT")}
        url, button = reverse("wagtailadmin_pages:edit", args=[other.pk]), _("Go on with that draft")
        if isinstance(answer, JsonResponse):
            sent = json.loads(answer.content) | {"earlier_draft": {"text": text, "url": url, "button": button}}
            return JsonResponse(sent, status=answer.status_code)
        messages.warning(request, text, buttons=[messages.button(url, button)])
        return answer


class PreviewMixin:
    """Says in `error_message` why there is nothing new to see."""

    sent: Any = None

    def validate_form(self, form: Any) -> bool:
        self.sent = self.sent or form
        return bool(super().validate_form(form))  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        answer: JsonResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        page, said = self.object, json.loads(answer.content)  # type: ignore[attr-defined]
        if said["is_valid"]:
            return answer
        faults = faults_of(page.get_edit_handler(), self.sent, page, request)
        return JsonResponse(said | {"error_message": in_words(faults)})


class EditorCreateView(EditorMixin, CreateView):
    """A new page."""


class EditorEditView(EditorMixin, EditView):
    """A page there is."""


class EditorPreviewOnCreate(PreviewMixin, PreviewOnCreateView):
    """Of a new page."""


class EditorPreviewOnEdit(PreviewMixin, PreviewOnEditView):
    """Of a page there is."""


class EditorViewSet(PageViewSet):
    """The views of every page type of the platform."""

    add_view_class = EditorCreateView
    edit_view_class = EditorEditView
    preview_on_add_view_class = EditorPreviewOnCreate
    preview_on_edit_view_class = EditorPreviewOnEdit

    def on_register(self) -> None:
        """In place of Wagtail's own, for all that extends BasePage, which has no table to be asked."""
        page_viewset_registry.register(BasePage, self)

"""The staff's view of a queue: what waits, what failed, what was given up; and the button to retry.

Rows are written by the worker alone. Whoever may see what was given up may ask for another try: it changes no content.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from pages.choosers import NoChooserViewSet
from pages.retries import Retried, RetryQuerySet


class StateFilterSet(WagtailFilterSet):
    """What waits, what failed, what was given up: by a ChoiceFilter whose method is `in_state`."""

    def in_state(self, rows: RetryQuerySet[Any], name: str, value: str) -> RetryQuerySet[Any]:
        return rows.in_state(value)


class RetryIndexView(IndexView):
    retry_url_name = ""
    retry_all_url_name = ""

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = super().header_buttons
        if self.model.objects.retriable().exists():
            buttons.append(HeaderButton(_("Try all again"), url=reverse(self.retry_all_url_name), icon_name="rotate"))
        return buttons

    def get_list_more_buttons(self, instance: Retried) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        if instance.is_retriable:
            url = reverse(self.retry_url_name, args=[instance.pk])
            buttons.append(Button(_("Try again"), url=url, icon_name="rotate", priority=15))
        return buttons


class RetryViewSet(SnippetViewSet):
    """The list of a queue. `retry_template_name` extends pages/admin/retry.html and says there what is tried again."""

    chooser_viewset_class = NoChooserViewSet
    index_view_class = RetryIndexView
    inspect_view_enabled = True
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = []
    retry_template_name = ""

    def retried(self, count: int) -> str:
        """What is said when so many rows are tried again."""
        raise NotImplementedError

    def title_of(self, row: Any) -> str:
        return str(row)

    def gone(self, request: HttpRequest) -> HttpResponse:
        """What is answered when the row is no longer there."""
        raise Http404

    def retry_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then try one row again."""
        self._require_right(request)
        rows = self.model.objects.filter(pk=pk)
        row = rows.first()
        return self._retry(request, rows, row) if row else self.gone(request)

    def retry_all(self, request: HttpRequest) -> HttpResponse:
        """Ask, then try everything again that failed or was given up."""
        self._require_right(request)
        return self._retry(request, self.model.objects.all())

    def _require_right(self, request: HttpRequest) -> None:
        codename = get_permission_codename("view", self.model_opts)
        if not request.user.has_perm(f"{self.model_opts.app_label}.{codename}"):
            raise PermissionDenied

    def _retry(self, request: HttpRequest, rows: RetryQuerySet[Any], row: Retried | None = None) -> HttpResponse:
        everything = reverse(self.get_url_name("list"))
        if request.method == "POST":
            messages.success(request, self.retried(rows.retry()))
            return redirect(everything)
        context = {
            "row": row,
            "subtitle": self.title_of(row) if row else "",
            "count": rows.retriable().count(),
            "cancel_url": everything,
        }
        return render(request, self.retry_template_name, context)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = {"retry_url_name": self.get_url_name("retry"), "retry_all_url_name": self.get_url_name("retry_all")}
        return super().get_index_view_kwargs(**names, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("retry/<int:pk>/", self.retry_one, name="retry"),
            path("retry/", self.retry_all, name="retry_all"),
        ]

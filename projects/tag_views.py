"""The staff's view of tags: approve what editors proposed, merge what means the same."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from projects.models import ProjectTag, TagAlias

MERGE_PERMISSION = "projects.delete_projecttag"


class MergeForm(forms.Form):
    """Which tag takes over."""

    target = forms.ModelChoiceField(ProjectTag.objects.none(), label=_("Merge into"))

    def __init__(self, tag: ProjectTag, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = ProjectTag.objects.exclude(pk=tag.pk)  # type: ignore[attr-defined]


def merge_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which tag takes over, then merge; the old address keeps working."""
    if not request.user.has_perm(MERGE_PERMISSION):
        raise PermissionDenied
    all_tags = reverse(TagViewSet().get_url_name("list"))
    if merged := TagAlias.objects.filter(former_id=pk).select_related("tag").first():
        names = {"name": merged.name, "target": merged.tag.name}
        messages.warning(request, _("“%(name)s” was merged into “%(target)s” already.") % names)
        return redirect(all_tags)
    tag = get_object_or_404(ProjectTag.objects.annotate(uses=Count("tagged_projects")), pk=pk)
    form = MergeForm(tag, request.POST or None)
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["target"]
        name, moved = tag.name, tag.merge_into(target)
        messages.success(
            request,
            ngettext(
                "“%(name)s” was merged into “%(target)s”; %(count)d project changed.",
                "“%(name)s” was merged into “%(target)s”; %(count)d projects changed.",
                moved,
            )
            % {"name": name, "target": target.name, "count": moved},
        )
        return redirect(all_tags)
    return render(request, "projects/admin/merge_tag.html", {"tag": tag, "form": form, "cancel_url": all_tags})


class TagIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().annotate(uses=Count("tagged_projects"))

    def get_list_more_buttons(self, instance: ProjectTag) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        if self.request.user.has_perm(MERGE_PERMISSION):
            url = reverse(self.viewset_url_name("merge"), args=[instance.pk])
            buttons.append(Button(_("Merge"), url=url, icon_name="resubmit", priority=15))
        return buttons

    def viewset_url_name(self, view: str) -> str:
        return TagViewSet().get_url_name(view)


class TagViewSet(SnippetViewSet):
    """Tags with their use, proposals first."""

    model = ProjectTag
    icon = "tag"
    list_display = [
        "name",
        "slug",
        Column("uses", label=_("Projects"), sort_key="uses"),
        BooleanColumn("is_approved", label=_("Approved")),
    ]
    list_filter = ["is_approved"]
    ordering = ["is_approved", "name"]
    copy_view_enabled = False
    index_view_class = TagIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("merge/<int:pk>/", merge_tag, name="merge")]

"""The staff's way to delete and to merge: who uses the thing is shown first, and what was done can be undone.

Wagtail asks before it deletes snippets, one or several, with one hook. Files: `projects.files.removal`.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.models import ReferenceIndex
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import DeleteView, EditView, SnippetViewSet, UsageView

from pages.keys import key_in
from projects.models import Former
from projects.models.register import RegisterUnit
from projects.removal import entries as removal
from projects.removal.entries import MERGEABLE, RemovalError
from projects.removal.used import used_by


class MergeForm(forms.Form):
    """Which entry takes over."""

    heir = forms.ModelChoiceField(Former.objects.none(), label=gettext_lazy("Merge into"))

    def __init__(self, thing: Model, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = type(thing)._default_manager.exclude(pk=thing.pk)
        self.fields["heir"].queryset = others  # type: ignore[attr-defined]


def before_deletion(request: HttpRequest, things: Sequence[Model]) -> HttpResponse | None:
    """Receiver of Wagtail's hook `before_delete_snippet`: everything is asked and done here."""
    if not things or not removal.is_kept(type(things[0])):
        return None
    if not all(may_delete(request, thing) for thing in things):
        raise PermissionDenied
    return _one(request, things[0]) if len(things) == 1 else _several(request, things)


def may_delete(request: HttpRequest, thing: Model) -> bool:
    """Whether Wagtail lets the person delete the thing."""
    policy = policy_registry.get(thing)
    return bool(policy.user_has_permission_for_instance(request.user, "delete", thing))


def _one(request: HttpRequest, thing: Model) -> HttpResponse:
    is_merging = request.method == "POST" and "merge" in request.POST
    can_merge = type(thing) in MERGEABLE
    form = MergeForm(thing, request.POST if is_merging else None) if can_merge else None
    name = str(thing)
    try:
        if form and form.is_valid():
            heir = form.cleaned_data["heir"]
            uses = removal.merge(thing, heir, request.user)
            messages.success(request, _merged(name, heir, uses))
            return redirect(_list_of(thing))
        if request.method == "POST" and not is_merging:
            removal.remove(thing, request.user)
            messages.success(request, _deleted([name]))
            return redirect(_list_of(thing))
    except RemovalError as error:
        messages.error(request, str(error))
        if not type(thing)._default_manager.filter(pk=thing.pk).exists():
            return redirect(_list_of(thing))
    context = {"thing": thing, "kind": _kind(thing), "uses": used_by(thing, request.user), "form": form}
    further = {"instead": _instead_of_deleting(request, thing), "cancel_url": _list_of(thing)}
    return render(request, "projects/admin/delete.html", {**context, **further})


def _instead_of_deleting(request: HttpRequest, thing: Model) -> list[tuple[str, str]]:
    """For a unit of the register, labels and addresses: what its list offers, such as a reform, and its own form."""
    if not isinstance(thing, RegisterUnit):
        return []
    offers = hooks.get_hooks("register_snippet_listing_buttons")
    buttons = [button for offer in offers for button in offer(thing, request.user)]
    edit = (_("Enter its last day and successor"), _url(type(thing), "edit", thing.pk))
    return [*((str(button.label), str(button.url)) for button in buttons), edit]


def _several(request: HttpRequest, things: Sequence[Model]) -> HttpResponse:
    rows = [(thing, used_by(thing), _delete_url(thing)) for thing in things]
    free = [thing for thing, uses, _url in rows if not uses.count]
    if request.method == "POST":
        names = [str(thing) for thing in free]
        for thing in free:
            removal.remove(thing, request.user)
        if names:
            messages.success(request, _deleted(names))
        if used := [thing for thing in things if thing not in free]:
            text = _("Used by others and not deleted: %(names)s.")
            messages.warning(request, text % {"names": _listed([str(thing) for thing in used])})
        return redirect(_list_of(things[0]))
    context = {"rows": rows, "free": free, "kinds": capfirst(str(type(things[0])._meta.verbose_name_plural))}
    return render(request, "projects/admin/delete_several.html", {**context, "cancel_url": _list_of(things[0])})


def _merged(name: str, heir: Model, uses: int) -> str:
    text = ngettext(
        "“%(name)s” was merged into “%(heir)s”; %(count)d entry uses that now. This can be undone for 30 days.",
        "“%(name)s” was merged into “%(heir)s”; %(count)d entries use that now. This can be undone for 30 days.",
        uses,
    )
    return text % {"name": name, "heir": heir, "count": uses}


def _deleted(names: list[str]) -> str:
    text = ngettext(
        "Deleted: %(names)s. This can be undone for 30 days.",
        "%(count)d entries deleted: %(names)s. This can be undone for 30 days.",
        len(names),
    )
    return text % {"names": _listed(names), "count": len(names)}


def _listed(names: list[str]) -> str:
    return ", ".join(_("“%(value)s”") % {"value": name} for name in names)


def _kind(thing: Model) -> str:
    return str(thing._meta.verbose_name)


def _url(model: type[Model], view: str, *args: Any) -> str:
    viewset: SnippetViewSet = model.snippet_viewset  # type: ignore[attr-defined]
    return reverse(viewset.get_url_name(view), args=args)


def _list_of(thing: Model) -> str:
    return _url(type(thing), "list")


def _delete_url(thing: Model) -> str:
    return _url(type(thing), "delete", thing.pk)


# --- who uses it ------------------------------------------------------------------------------------------------------


class TrueUsageView(UsageView):
    """Wagtail's list would leave out most of it."""

    template_name = "projects/admin/uses.html"

    def get_queryset(self) -> Any:
        return ReferenceIndex.objects.none().group_by_source_object()

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(*args, **kwargs), "uses": used_by(self.object, self.request.user)}


class KeptEditView(EditView):
    """Without Wagtail's number of references; the list of uses has the true one."""

    def get_usage_url(self) -> None:
        return None


class KeptDeleteView(DeleteView):
    """Of what somebody else has merged or deleted in the meantime, it says what became of it."""

    former: Former | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        try:
            super().setup(request, *args, **kwargs)
        except Http404:
            number = key_in(str(self.kwargs[self.pk_url_kwarg]))
            if number is not None:
                self.former = Former.objects.of(self.model).filter(former_id=number).first()
            if self.former is None:
                raise

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.former is None:
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            return answer
        if not self.user_has_permission("delete"):
            raise PermissionDenied
        messages.warning(request, _gone(self.former))
        return redirect(_url(self.model, "list"))


def _gone(former: Former) -> str:
    names = {"name": former.name, "day": date_format(localtime(former.removed_at), "DATETIME_FORMAT")}
    if (heir := former.successor) is None:
        return _("“%(name)s” has been deleted already, on %(day)s.") % names
    return _("“%(name)s” has been merged into “%(heir)s” already, on %(day)s.") % {**names, "heir": heir}


class KeptViewSet(SnippetViewSet):
    """A list that staff keep and others refer to."""

    delete_view_class = KeptDeleteView
    usage_view_class = TrueUsageView
    edit_view_class = KeptEditView

    def get_usage_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_usage_view_kwargs(template_name=TrueUsageView.template_name, **kwargs)

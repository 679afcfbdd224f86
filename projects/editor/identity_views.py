"""The staff's way to change which body a page stands for: at once, and noted in its history."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.log_actions import LogActionRegistry, log

from projects.editor.body_panels import MAY_CHANGE_IDENTITY
from projects.models import BodyPage
from projects.models.identity import IDENTITY_FIELDS

LOG_ACTION = "projects.body_identity"


class IdentityForm(WagtailAdminModelForm):
    """Kind, entry of the register and seat of a body that has a page."""

    class Meta(WagtailAdminModelForm.Meta):
        model = BodyPage
        fields: ClassVar[list[str]] = list(IDENTITY_FIELDS)


def body_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who the body is, and store it in the page as it is; drafts follow, as they say nothing about it."""
    body = get_object_or_404(BodyPage, pk=pk)
    if not request.user.has_perm(MAY_CHANGE_IDENTITY) or not body.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    edit_url = reverse("wagtailadmin_pages:edit", args=[body.pk])
    form = IdentityForm(request.POST or None, instance=body, for_user=request.user)
    if request.method == "POST" and form.is_valid():
        _store(form, request.user)
        messages.success(request, _("The page stands for %(body)s now.") % {"body": form.instance.named_identity})
        return redirect(edit_url)
    # The form has filled the instance in already.
    context = {"body": BodyPage.objects.get(pk=pk), "form": form, "edit_url": edit_url}
    return render(request, "projects/admin/change_identity.html", context)


@transaction.atomic
def _store(form: Any, user: Any) -> None:
    before = BodyPage.objects.get(pk=form.instance.pk).named_identity
    body = form.save()
    log(instance=body, action=LOG_ACTION, user=user, data={"before": before, "after": body.named_identity})


def register_identity(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(
        LOG_ACTION, gettext_lazy("Change who it is"), gettext_lazy("Changed which body the page stands for")
    )

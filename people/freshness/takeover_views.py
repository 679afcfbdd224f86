"""Offering to take an orphaned entry over, and deciding about it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from wagtail.admin.widgets import AdminPageChooser

from people import too_late
from people.current import person_of, staff_of
from people.freshness import takeover
from people.models import TakeoverRequest, User
from people.models.takeover import MESSAGE_MAX_LENGTH
from people.rights import is_staff
from people.teams.teams import bodies_of, is_member, people_of
from projects.models import BodyPage, FreshnessState, ProjectPage


class OfferForm(forms.Form):
    """Which of one's bodies takes over, and why."""

    body: Any = forms.ModelChoiceField(
        BodyPage.objects.none(), label=gettext_lazy("Who takes it over?"), empty_label=None
    )
    message = forms.CharField(
        label=gettext_lazy("What should those who decide know?"),
        required=False,
        max_length=MESSAGE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, user: User, owner: BodyPage, *args: Any) -> None:
        super().__init__(*args)
        self.fields["body"].queryset = bodies_of(user).exclude(pk=owner.pk)  # type: ignore[attr-defined]


@never_cache
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Offer to take over. Those who may edit the entry are led to the editor; strangers learn how to join.

    A plan that only members may read is offered to members.
    """
    user = request.user
    readable = ProjectPage.objects.readable_by_members() if is_member(user) else ProjectPage.objects.readable()
    project = get_object_or_404(readable.filter(freshness__isnull=False), id=number)
    if project.freshness.state != FreshnessState.ORPHANED:
        # Somebody has taken it over, or confirmed it: the entry itself says how it stands.
        return redirect(project.url)
    context: dict[str, Any] = {"project": project, "freshness": project.freshness}
    if not isinstance(user, User):
        return render(request, "people/takeover/offer.html", context)
    if project.permissions_for_user(user).can_edit() and not is_staff(user):
        return redirect("wagtailadmin_pages:edit", project.pk)
    form = OfferForm(user, project.public_body, request.POST or None)
    if request.method == "POST" and form.is_valid():
        takeover.offer(project, form.cleaned_data["body"], user, form.cleaned_data["message"])
        return render(request, "people/takeover/offered.html", context)
    is_possible = form.fields["body"].queryset.exists()  # type: ignore[attr-defined]
    return render(request, "people/takeover/offer.html", {**context, "form": form if is_possible else None})


class RefusalForm(forms.Form):
    """Why not, for the person who offered."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, if you decline"),
        required=False,
        max_length=MESSAGE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It goes to the person who offered, by e-mail."),
    )


@never_cache
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or decline an offer."""
    found = get_object_or_404(TakeoverRequest.objects.select_related("project", "body", "asked_by"), pk=pk)
    user = person_of(request)
    if not takeover.might_decide(user, found):
        raise PermissionDenied
    form = RefusalForm(request.POST or None)
    if found.decided_at:
        return _tell_too_late(request, found, form)
    if request.method == "POST" and form.is_valid():
        names = {"title": found.project.title, "body": found.body.title}
        try:
            if "grant" in request.POST:
                _say_what_happened(request, takeover.grant(found, user), names)
            else:
                takeover.refuse(found, user, form.cleaned_data["reason"])
                messages.success(request, _("“%(title)s” was not handed over to %(body)s.") % names)
        except takeover.DecidedError:
            return _tell_too_late(request, found, form)
        return redirect("wagtailadmin_home")
    return render(request, "people/admin/takeover_decision.html", {"offer": found, "form": form})


def _tell_too_late(request: HttpRequest, found: TakeoverRequest, form: RefusalForm) -> HttpResponse:
    done = (takeover.TAKEN, takeover.REFUSED)
    too_late.tell_from_history(request, found.project.title, found.project, *done, form=form)
    return redirect("wagtailadmin_home")


class AssignForm(forms.Form):
    """To which body."""

    body: Any = forms.ModelChoiceField(
        BodyPage.objects.all(), label=gettext_lazy("New body"), widget=AdminPageChooser(target_models=[BodyPage])
    )


@never_cache
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff give an entry to another body without an offer."""
    user = staff_of(request)
    project = get_object_or_404(ProjectPage, id=pk)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        if body == project.public_body:
            form.add_error("body", _("The entry belongs to this body already."))
        else:
            left = takeover.hand_over(project, body, user)
            _say_what_happened(request, left, {"title": project.title, "body": body.title})
            return redirect("freshness_report")
    has_people = people_of(project.public_body).exists()
    context = {"project": project, "form": form, "has_people": has_people, "cancel_url": reverse("freshness_report")}
    return render(request, "people/admin/takeover_assign.html", context)


def _say_what_happened(request: HttpRequest, left: list[str], names: dict[str, str]) -> None:
    messages.success(request, _("“%(title)s” now belongs to %(body)s.") % names)
    if left:
        stayed = ngettext(
            "One file is used elsewhere and stays there: %(files)s. Upload it for the new body as well.",
            "%(count)d files are used elsewhere and stay there: %(files)s. Upload them for the new body as well.",
            len(left),
        )
        messages.info(request, stayed % {"count": len(left), "files": ", ".join(left)})

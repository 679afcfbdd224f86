"""Offering to take part in a project, and deciding about such an offer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.models import Page

from pages.keys import key_in
from pages.limits import allows, refuse
from people import too_late
from people.admin_site.members_only import members_only
from people.cooperation import alliances, partners
from people.cooperation.contact_views import readable_project
from people.cooperation.following import audience_of
from people.current import person_of
from people.day_limits import TooOftenError
from people.mail.letters import counted, say
from people.models import User
from people.teams.teams import bodies_of
from projects.models import BodyPage, Partnership, PartnerState, ProjectPage, ToldTo
from projects.models.partner import MESSAGE_MAX_LENGTH


class InterestForm(forms.Form):
    """Which of one's bodies wants to take part, and what it brings."""

    body: Any = forms.ModelChoiceField(
        BodyPage.objects.none(), label=gettext_lazy("Who wants to take part?"), empty_label=None
    )
    message = forms.CharField(
        label=gettext_lazy("What do you bring, and what do you expect?"),
        required=False,
        max_length=MESSAGE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Only the people of the project read this."),
    )

    def __init__(self, bodies: Any, *args: Any) -> None:
        super().__init__(*args)
        body: Any = self.fields["body"]
        body.queryset = bodies
        if len(bodies) == 1:
            # Nothing to choose: the page says for whom it is.
            body.initial, body.widget = bodies[0], body.hidden_widget()


@members_only
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Say that one's body wants to take part, see what became of it, and withdraw."""
    project = readable_project(request, number)
    user = person_of(request)
    mine = Partnership.objects.filter(project=project, body__in=bodies_of(user)).select_related("body").order_by("pk")
    # What only a plan has said can still be said for itself.
    said = mine.current().filter(is_own_word=True)
    others = bodies_of(user).exclude(pk=project.public_body.pk).exclude(pk__in=said.values("body"))
    form = InterestForm(others, request.POST if "body" in request.POST else None)
    if request.method == "POST":
        if "withdraw" in request.POST:
            return _withdraw(request, project, mine)
        with counted() as letters:
            is_asked = form.is_valid() and _ask(request, project, form)
        if is_asked:
            done = _("Your offer is noted. You get an e-mail when it is decided.")
            say(request, done, _who_is_told(project), if_written=letters.went("partner_asked"))
            return redirect("offer_to_take_part", project.pk)
    context = {
        "project": project,
        "public_body": project.public_body,
        "partnerships": mine,
        "of_plans": mine.current().exclude(pk__in=mine.readable().values("pk")),
        "form": form if others else None,
        "only_body": others[0] if len(others) == 1 else None,
        "is_own": bodies_of(user).filter(pk=project.public_body.pk).exists(),
    }
    return render(request, "people/partners/offer.html", context)


def _ask(request: HttpRequest, project: ProjectPage, form: InterestForm) -> bool:
    """False if it has to wait, which the form says; what was typed stays in it."""
    if not allows(request, take_part=""):
        refuse(form)
        return False
    try:
        partners.express_interest(project, form.cleaned_data["body"], person_of(request), form.cleaned_data["message"])
    except TooOftenError:
        form.add_error(None, partners.ASKED_OFTEN)
        return False
    return True


def _withdraw(request: HttpRequest, project: ProjectPage, mine: Any) -> HttpResponse:
    found = get_object_or_404(mine, pk=key_in(request.POST["withdraw"]))
    try:
        with counted() as letters:
            partners.withdraw(found, person_of(request))
    except partners.DecidedError:
        messages.info(request, _("Somebody has decided about this already."))
    else:
        done = _("Your body takes part no longer.")
        say(request, done, _who_is_told(project), if_written=letters.went("partner_withdrawn"))
    return redirect("offer_to_take_part", project.pk)


def _who_is_told(project: ProjectPage) -> str:
    """As `partners.owner_addresses` chooses."""
    if partners.has_people(project):
        return _("The people of the project get an e-mail.")
    return _("The project names nobody: the Kompetenzzentrum gets an e-mail.")


class ReasonForm(forms.Form):
    """Why not, for those who asked."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, if you decline"),
        required=False,
        max_length=MESSAGE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It goes to those who asked, by e-mail, and is not stored."),
    )


@never_cache
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """In the admin: assure or decline, end a partnership, or make an alliance of it."""
    found = get_object_or_404(Partnership.objects.select_related("project", "body", "asked_by"), pk=pk)
    user = request.user
    if not isinstance(user, User) or not partners.may_decide(user, found.project):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "alliance" in request.POST and alliances.may_begin(found):
            return _begin_alliance(request, found, user)
        try:
            _carry_out(request, found, user, form.cleaned_data["reason"])
        except partners.DecidedError:
            found.refresh_from_db()
            decided = (found.get_state_display(), found.decided_by, found.decided_at)
            too_late.tell(request, found.project.title, *decided, form=form)
        return redirect("partner_decision", pk)
    context = {
        "partnership": found,
        "form": form,
        "alliance": alliances.of_project(found.project).first(),
        "may_begin": alliances.may_begin(found) and _may_add(user, found.project),
        "states": PartnerState,
        "audience": audience_of(found),
        "audiences": ToldTo,
    }
    return render(request, "people/admin/partner_decision.html", context)


def _carry_out(request: HttpRequest, found: Partnership, user: User, reason: str) -> None:
    """Do what the button says. Raises DecidedError."""
    names = {"body": found.body.title, "title": found.project.title}
    done = told = ""
    with counted() as letters:
        if "assure" in request.POST:
            partners.assure(found, user)
            done, told = _("%(body)s takes part in “%(title)s” now."), _("Its people get an e-mail.")
        elif "decline" in request.POST:
            partners.decline(found, user, reason)
            done, told = _("The offer of %(body)s is declined."), _("Its people get an e-mail.")
        elif "end" in request.POST:
            partners.withdraw(found, user)
            done, told = _("%(body)s takes part no longer."), _("The other side gets an e-mail.")
    if done:
        say(request, done % names, told, if_written=letters.went())


def _may_add(user: User, project: ProjectPage) -> bool:
    body = Page.objects.get(pk=project.public_body.pk)
    return bool(body.permissions_for_user(user).can_add_subpage())


def _begin_alliance(request: HttpRequest, found: Partnership, user: User) -> HttpResponse:
    if not _may_add(user, found.project):
        raise PermissionDenied
    alliance, is_new = alliances.begin(found, user)
    if is_new:
        messages.success(request, _("This is the draft of the alliance page. Look through it and publish it."))
    return redirect("wagtailadmin_pages:edit", alliance.pk)

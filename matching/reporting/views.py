"""/vorhaben/: the short form, the list for members, and what the people of a plan do with it."""

from http import HTTPStatus
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.plans import lifecycle as plans
from matching.plans.forms import PlanForm, fits
from matching.plans.listing import PlanFilter, listed
from matching.plans.services import find, labels
from matching.reporting import offers, plan_paper
from matching.reporting.paper_forms import PaperForm
from matching.reporting.plan_paper import QuotedPlanForm
from matching.reporting.weighing import ask_before_public, weigh
from people import too_late
from people.admin_site.members_only import members_only
from people.current import person_of
from people.models import User
from projects.models import ProjectPage

SUGGESTIONS = 8


@members_only
def report(request: HttpRequest) -> HttpResponseBase:
    """The short form. What was typed stays on an error, and while the similar projects are looked at."""
    user = person_of(request)
    form = QuotedPlanForm(user, request.POST or None, initial={"body": request.GET.get("stelle", "")})
    if not form.bodies:
        return render(request, "matching/plan_no_body.html")
    if plan_paper.is_about_paper(request):
        return render(request, "matching/plan_form.html", plan_paper.answer(request, user))
    if offers.are_asked_for(request.POST):
        return _shown_again(request, user)
    if request.method == "POST" and form.is_valid():
        weighed = weigh(request, form)
        if isinstance(weighed, HttpResponse):
            return weighed
        with transaction.atomic():
            project = plans.report(form.body_chosen, form.values(), user)
            weighed.keep(project, user)
        messages.success(request, _("Thank you. Members can read your plan now."))
        return redirect("plan", project.pk)
    return render(request, "matching/plan_form.html", {"form": form, "paper_form": PaperForm()})


@members_only
@require_GET
def suggest_services(request: HttpRequest) -> HttpResponseBase:
    """{"suggestions": […]}: entries of the catalogues as they stand in the field once they are chosen."""
    return JsonResponse({"suggestions": labels(find(request.GET.get("q", ""), SUGGESTIONS))})


@members_only
def show_all(request: HttpRequest) -> HttpResponseBase:
    """What is planned, newest first: public plans, and those only members can read."""
    chosen = PlanFilter.of(request.GET)
    return render(request, "matching/plans.html", {"chosen": chosen, **listed(chosen, request.GET.get("seite"))})


@members_only
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The plan's own page for its people: who reads it now, and what they can do next."""
    project, user = _own_plan(request, pk), person_of(request)
    context = {
        "project": project,
        "plan": project.plan,
        "public_body": project.public_body,
        "withdrawal": plans.withdrawal_of(project),
        "may_restore": plans.may_restore(project, user),
        "is_public_at_once": plans.is_public_at_once(project.plan, user),
        "is_for_members_now": plans.is_for_members_now(project),
        "fits": fits(project),
    }
    return render(request, "matching/plan.html", context)


@members_only
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The short form again, while only members read the plan and it has not outgrown the form."""
    project, user = _own_plan(request, pk), person_of(request)
    is_locked = project.permissions_for_user(user).page_locked()
    if not plans.is_for_members_now(project) or not fits(project) or is_locked:
        messages.info(request, _("The short form is not for this plan any more. Please change it in the editor."))
        return redirect("plan", project.pk)
    form = PlanForm(user, request.POST or None, project=project)
    shown = str(project.latest_revision_id)
    if offers.are_asked_for(request.POST):
        return _shown_again(request, user, project)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("version") == shown:
            plans.change(project, form.values(), user)
            messages.success(request, _("Your changes are saved. Members read them now."))
            return redirect("plan", project.pk)
        form.add_error(None, _("Somebody else has changed the plan meanwhile. Compare, then save again."))
    return render(request, "matching/plan_form.html", {"form": form, "project": project, "version": shown})


@members_only
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask before it is made public, or say that it will be after the check."""
    project, user = _own_plan(request, pk), person_of(request)
    if not plans.is_for_members_now(project):
        return _tell_too_late(request, project)
    if request.method == "POST":
        if (questions := ask_before_public(request, project)) is not None:
            return questions
        try:
            if plans.ask_for_publication(project, user):
                messages.success(request, _("Your plan is public now."))
            else:
                messages.success(request, _("Noted. The centre looks at your plan; then it becomes public."))
        except plans.NotMembersOnlyError:
            return _tell_too_late(request, project)
        return redirect("plan", project.pk)
    is_at_once = plans.is_public_at_once(project.plan, user)
    return render(request, "matching/plan_publish.html", {"project": project, "is_at_once": is_at_once})


@members_only
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the plan from the members; its page offers to bring it back."""
    return _step(request, pk, plans.withdraw, _("Your plan is withdrawn. Nobody but you and your colleagues sees it."))


@members_only
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the members again what they saw before."""
    project = _own_plan(request, pk)
    if not project.live and not plans.may_restore(project, person_of(request)):
        raise PermissionDenied
    return _step(request, pk, plans.restore, _("Members can read your plan again."))


def _shown_again(request: HttpRequest, user: User, project: ProjectPage | None = None) -> HttpResponse:
    """The form as it was sent, with suggestions; of a plan that is changed also which version was read."""
    if not ratelimit.consume(request, action="similar", user=user):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    again = offers.refilled(user, request.POST, project, PlanForm if project else QuotedPlanForm)
    context: dict[str, Any] = {"form": again.form, "offers": again.offers, "taken": again.taken}
    context["is_asked"] = offers.SHOW in request.POST
    if project is None:
        context["paper_form"] = PaperForm()
    else:
        context |= {"project": project, "version": request.POST.get("version", "")}
    return render(request, "matching/plan_form.html", context)


def _step(request: HttpRequest, pk: int, take: Any, done: str) -> HttpResponse:
    project = _own_plan(request, pk)
    try:
        take(project, person_of(request))
        messages.success(request, done)
    except plans.NotMembersOnlyError:
        return _tell_too_late(request, project)
    return redirect("plan", project.pk)


def _tell_too_late(request: HttpRequest, project: ProjectPage) -> HttpResponse:
    too_late.tell_from_history(request, project.title, project, plans.WITHDRAW, plans.RESTORE, plans.PUBLISH)
    return redirect("plan", project.pk)


def _own_plan(request: HttpRequest, pk: int) -> ProjectPage:
    """A plan of a body the person works for; nobody else learns whether it exists. Raises Http404."""
    project: ProjectPage = get_object_or_404(ProjectPage.objects.select_related("plan"), pk=pk)
    if not hasattr(project, "plan") or not project.permissions_for_user(request.user).can_edit():
        raise Http404
    return project

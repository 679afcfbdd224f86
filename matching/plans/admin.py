"""/admin/vorhaben/: the staff look at plans after they have appeared."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from matching.models import OverlapDecision
from matching.models.decision import SUBJECTS
from matching.plans import lifecycle as plans
from matching.plans.forms import WithdrawalForm
from people import too_late
from people.current import staff_of
from people.mail.letters import counted, say
from projects.models import Plan, attach_bodies

# The oldest are looked at first; more than these nobody reads on one page.
PLANS_SHOWN = 50


@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """Plans nobody has looked at yet, oldest first."""
    staff_of(request)
    unchecked = Plan.objects.unchecked()
    context = {"plans": _with_bodies(unchecked), "count": unchecked.count()}
    return render(request, "matching/admin/plan_queue.html", context)


def _with_bodies(unchecked: Any) -> list[Plan]:
    weighed = Prefetch("project__overlap_decisions", OverlapDecision.objects.select_related(*SUBJECTS))
    shown = list(unchecked.select_related("project", "reported_by").prefetch_related(weighed)[:PLANS_SHOWN])
    decisions = [decision for plan in shown for decision in plan.project.overlap_decisions.all()]
    attach_bodies([*(plan.project for plan in shown), *(one.other for one in decisions if one.other)])
    return shown


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a plan is in order."""
    user, plan = staff_of(request), _plan(pk)
    title = {"title": plan.project.title}
    try:
        with counted() as letters:
            is_public = plans.check(plan, user)
    except plans.CheckedError:
        _tell_too_late(request, plan)
        return redirect("plan_queue")
    if is_public:
        done = _("“%(title)s” is in order and public now, as its people wanted.") % title
        say(request, done, _("They get an e-mail."), if_written=letters.went("plan_public"))
    else:
        messages.success(request, _("“%(title)s” is noted as in order.") % title)
    return redirect("plan_queue")


@never_cache
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a plan, with a reason for its people."""
    user, plan = staff_of(request), _plan(pk)
    form = WithdrawalForm(request.POST or None)
    if not Plan.objects.unchecked().filter(pk=plan.pk).exists():
        _tell_too_late(request, plan, form)
        return redirect("plan_queue")
    if not plan.is_members_only:
        messages.info(request, _("This plan is public: unpublish it in the editor."))
        return redirect("wagtailadmin_pages:edit", plan.project_id)
    if request.method == "POST" and form.is_valid():
        try:
            with counted() as letters:
                plans.withdraw(plan.project, user, form.cleaned_data["reason"])
            done = _("“%(title)s” is withdrawn.") % {"title": plan.project.title}
            told = _("Its people get an e-mail with your reason.")
            say(request, done, told, if_written=letters.went("plan_withdrawn"))
        except plans.NotMembersOnlyError:
            _tell_too_late(request, plan, form)
        return redirect("plan_queue")
    return render(request, "matching/admin/plan_send_back.html", {"plan": plan, "form": form})


def _plan(pk: int) -> Plan:
    """The plan, looked at or not: the second of two who decide reads what the first did."""
    return get_object_or_404(Plan.objects.select_related("project"), pk=pk)


def _tell_too_late(request: HttpRequest, plan: Plan, form: WithdrawalForm | None = None) -> None:
    steps = (plans.CHECK, plans.WITHDRAW, plans.PUBLISH)
    too_late.tell_from_history(request, plan.project.title, plan.project, *steps, form=form)

"""What is like a plan is weighed before the plan is reported, and before it becomes public."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from matching.alike.decision_forms import DecisionForms
from matching.alike.decision_views import decide_url, look_at, store
from matching.alike.panel import Panel, look
from matching.plans.drafts import draft_of
from matching.plans.forms import PlanForm
from matching.reporting.paper_forms import PaperForm
from people.models import User
from projects.models import ProjectPage

# Sent by the button that leads back to the short form.
BACK = "zurueck"


@dataclass(frozen=True)
class Weighed:
    """What was answered about a plan that is not stored yet."""

    forms: DecisionForms
    panel: Panel

    def keep(self, project: ProjectPage, by: User) -> None:
        store(project, self.forms, self.panel, by)


def weigh(request: HttpRequest, form: PlanForm) -> Weighed | HttpResponse:
    """The answers about all that is alike; while one is missing, the page that asks, which works without a script."""
    if BACK in request.POST:
        return render(request, "matching/plan_form.html", {"form": form, "paper_form": PaperForm()})
    body = form.body_chosen
    panel = look(draft_of(form), body=body)
    forms = DecisionForms.about(panel.undecided, body, request.POST)
    if forms.is_valid():
        return Weighed(forms, panel)
    sent = [(name, value) for name in form.fields for value in request.POST.getlist(form.add_prefix(name))]
    context = {"form": form, "forms": forms, "panel": panel, "sent": sent, "back": BACK}
    return render(request, "matching/plan_weigh.html", context)


def ask_before_public(request: HttpRequest, project: ProjectPage) -> HttpResponse | None:
    """To what has appeared since and is not weighed yet, before the plan becomes public; None if there is nothing."""
    count = len(look_at(project).undecided)
    if not count:
        return None
    text = ngettext(
        "Something similar has not been weighed yet.", "%(count)d similar things have not been weighed yet.", count
    )
    messages.warning(request, text % {"count": count})
    return redirect(decide_url(project, request.get_full_path()))

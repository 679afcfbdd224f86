"""/vorhaben/aehnliche/: what is like a text while it is typed, and what it seems to be about, as a piece of a page."""

from allauth.core import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from matching.alike.decision_forms import DecisionForms
from matching.alike.panel import look
from matching.reporting.offers import offers_for_editor, offers_for_plan
from matching.reporting.panel_forms import FIRST_LOOK, SHORT_FORM, asked_about
from people.admin_site.members_only import members_only
from people.current import person_of


@members_only
@require_POST
def similar(request: HttpRequest) -> HttpResponseBase:
    """Nothing is stored; the script asks again with every pause in typing, the first time twice: quickly, then well."""
    user = person_of(request)
    if not ratelimit.consume(request, action="similar", user=user):
        return render(request, "429.html", status=429)
    draft, project, body = asked_about(request, user)
    is_first_look = FIRST_LOOK in request.POST
    panel = look(draft, project=project, body=body, is_first_look=is_first_look)
    is_short_form = request.POST.get("form") == SHORT_FORM
    offers = (offers_for_plan if is_short_form else offers_for_editor)(draft, is_first_look=is_first_look)
    # The plan is not there yet: what is decided goes along with the form.
    asks = is_short_form and project is None and body is not None
    forms = DecisionForms.about(panel.undecided, body, request.POST, is_short=True) if asks and body else None
    context = {"panel": panel, "forms": forms, "project": project, "offers": offers}
    return render(request, "matching/panel_answer.html", context)

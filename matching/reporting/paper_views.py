"""/vorhaben/vorlage/: a project is described from a council paper, and goes on in the editor."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from matching.reporting.paper_drafts import PaperDraftForm
from matching.reporting.paper_forms import READ, TITLE, PaperForm, quoted_in, quoted_of, signed
from people.admin_site.members_only import members_only
from people.models import User

STORE = "anlegen"


@members_only
def describe(request: HttpRequest) -> HttpResponseBase:
    """First the paper, then what of it becomes a draft."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    body = request.POST.get("body") or request.GET.get("stelle", "")
    form, paper_form = PaperDraftForm(user, initial={"body": body}), PaperForm()
    if not form.bodies:
        return render(request, "matching/plan_no_body.html")
    is_read = False
    if sent and READ in sent:
        paper_form = PaperForm(sent, request.FILES)
        if is_read := paper_form.is_valid():
            form = _filled(user, body, signed(quoted_of(paper_form.paper)))
    elif sent and STORE in sent:
        form, is_read = PaperDraftForm(user, sent, request.FILES), True
        if form.is_valid():
            project = form.draft()
            messages.success(request, _("Your draft is stored. Nobody but you and your colleagues sees it."))
            return redirect("wagtailadmin_pages:edit", project.pk)
    context = {"form": form, "paper_form": paper_form, "is_read": is_read, "store": STORE}
    return render(request, "matching/paper_draft.html", context)


def _filled(user: User, body: str, quoted: str) -> PaperDraftForm:
    title = quoted_in(quoted).get(TITLE)
    return PaperDraftForm(user, initial={"body": body, "quoted": quoted, "title": title.value if title else ""})

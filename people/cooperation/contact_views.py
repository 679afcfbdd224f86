"""Asking the people of a project, and saying that a question was answered."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from pages.access import may_read
from pages.limits import allows, letter_box, refuse
from people.cooperation import contact
from people.cooperation.contact_forms import ContactForm
from people.links.capability_urls import address_is_key
from people.models import User
from people.teams.teams import bodies_of
from projects.models import ContactRequest, ProjectPage

GONE = 410


def readable_project(request: HttpRequest, number: int) -> ProjectPage:
    """The project, for those who may read its page. Raises Http404 for everybody else."""
    found: ProjectPage = get_object_or_404(ProjectPage.objects.live(), id=number)
    if not may_read(found, request):
        raise Http404
    return found


@never_cache
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Write to the contact and the deputy; what was typed stays on an error."""
    project = readable_project(request, number)
    user = request.user if isinstance(request.user, User) else None
    form = ContactForm(request.POST if request.method == "POST" else None, user=user, initial=known(user))
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        if may_send(request, form.cleaned_data["email"], str(project.pk)):
            if not form.cleaned_data["website"]:
                question = form.save(commit=False)
                question.project = project
                contact.ask(question, copy_to=user.email if user and form.cleaned_data.get("copy") else "")
            return redirect("contact_sent", project.pk)
        refuse(form)
        status = HTTPStatus.TOO_MANY_REQUESTS
    context = {"project": project, "public_body": project.public_body, "form": form}
    context["kept_days"] = settings.RETENTION_DAYS["questions"]
    return render(request, "people/contact/ask.html", context, status=status)


def known(user: User | None) -> dict[str, Any]:
    """What the platform knows of somebody who is logged in."""
    if user is None:
        return {}
    body = bodies_of(user).first()
    return {"name": user.get_full_name(), "organisation": body.title if body else "", "email": user.email}


def may_send(request: HttpRequest, email: str, to: str) -> bool:
    """Few questions from one address and from one connection, and not too many to one project or contact."""
    return allows(request, contact=letter_box(email), contact_project=to)


@never_cache
def sent(request: HttpRequest, number: int) -> HttpResponse:
    project = readable_project(request, number)
    context: dict[str, Any] = {"project": project, "public_body": project.public_body}
    context |= {"reminded_after": settings.CONTACT_REMINDER_DAYS, "asked": contact.who_is_asked(project)}
    return render(request, "people/contact/sent.html", context)


@address_is_key
@csrf_exempt  # the signed address is what allows the answer; who has no cookies can answer as well
def answered(request: HttpRequest, signed: str) -> HttpResponse:
    """Opening the link changes nothing, because mail scanners open links; the button does."""
    question = contact.question_of(signed)
    if question is None:
        return render(request, "people/contact/no_link.html", status=GONE)
    if request.method == "POST":
        contact.note_answer(question)
        return redirect("contact_answered", signed)
    return render(request, "people/contact/answered.html", {"question": question, "project": question.project})


@never_cache
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One question in the admin, for the people of the project."""
    question = get_object_or_404(ContactRequest.objects.select_related("project"), pk=pk)
    user = request.user
    if not isinstance(user, User) or not contact.may_read(user, question):
        raise PermissionDenied
    if request.method == "POST":
        contact.note_answer(question)
        messages.success(request, _("The question counts as answered."))
        return redirect("wagtailadmin_home")
    return render(request, "people/admin/contact_request.html", {"question": question})

"""/kontakt/<page>/<contact>/: asking whom a page of a body, an alliance or the centre names as its contact."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from wagtail.models import Page

from pages.access import may_read
from pages.blocks import ContactValue
from pages.limits import refuse
from people.cooperation import page_contact
from people.cooperation.contact_forms import ContactForm
from people.cooperation.contact_views import known, may_send
from people.models import User


def _asked_about(request: HttpRequest, number: int, key: str) -> tuple[Page, ContactValue]:
    """The page and its contact, for those who may read it. Raises Http404 for everybody else."""
    page: Page = get_object_or_404(Page.objects.live(), pk=number).specific
    contact = page_contact.contact_of(page, key)
    if contact is None or not may_read(page, request):
        raise Http404
    return page, contact


@never_cache
def ask(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Write to the contact; what was typed stays on an error."""
    page, contact = _asked_about(request, number, key)
    user = request.user if isinstance(request.user, User) else None
    form = ContactForm(request.POST if request.method == "POST" else None, user=user, initial=known(user))
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        if may_send(request, form.cleaned_data["email"], key):
            if not form.cleaned_data["website"]:
                copy_to = user.email if user and form.cleaned_data.get("copy") else ""
                page_contact.ask(page, contact, form.save(commit=False), copy_to)
            return redirect("page_contact_sent", number, key)
        refuse(form)
        status = HTTPStatus.TOO_MANY_REQUESTS
    context = {"about": page, "contact": contact, "form": form}
    return render(request, "people/contact/ask_page.html", context, status=status)


@never_cache
def sent(request: HttpRequest, number: int, key: str) -> HttpResponse:
    page, contact = _asked_about(request, number, key)
    return render(request, "people/contact/sent_page.html", {"about": page, "contact": contact})

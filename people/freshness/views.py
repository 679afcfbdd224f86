"""What the links of a reminder open: no log-in, and nothing changes before a person has sent an answer.

Programs that look into letters open every link; so opening one only shows a page, which sends the answer.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from people.day_limits import happened_today
from people.freshness.entries import Answer, answer, last_answer, take_back
from people.freshness.links import LINKS, Link
from people.links.capability_urls import address_is_key
from people.mail.letters import counted, write
from people.models import User
from people.teams.membership import absolute, staff_addresses
from people.teams.teams import people_of
from projects.models import Freshness, ProjectPage

NOTE_MAX_LENGTH = 2_000
# Whoever holds a link may write to the team; not more often than this.
NOTES_A_DAY = 5
GONE = 410


class ChangeForm(forms.Form):
    """What has changed, for the people who can edit the entry."""

    text = forms.CharField(
        label=_("What has changed?"),
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It goes to the people who edit the entry, by e-mail. It is not published."),
    )


@address_is_key
@require_GET
def overview(request: HttpRequest, signed: str) -> HttpResponse:
    """All answers to choose from; nothing is sent by itself here."""
    link = LINKS.read(signed)
    entry = _entry(link)
    if link is None or entry is None or not _is_open(entry, link):
        return _closed(request, signed, entry, link)
    return _page(request, "choose", entry, signed)


@address_is_key
@csrf_exempt  # the signed address is what allows the answer; who has no cookies can answer as well
def give_answer(request: HttpRequest, signed: str, said: str) -> HttpResponse:
    """Show what is about to be answered; a POST answers."""
    if said not in set(Answer):
        raise Http404
    link = LINKS.read(signed)
    if request.method == "POST" and link is not None:
        with transaction.atomic():
            asked = _entry(link, locked=True)
            if asked is not None and _is_open(asked, link):
                answer(asked, Answer(said), _person(link))
        return redirect("freshness_answer", signed, said)
    entry = _entry(link)
    if link is None or entry is None or not _is_open(entry, link):
        return _closed(request, signed, entry, link)
    return _page(request, "confirm", entry, signed, said=said, is_ended=said == Answer.ENDED)


@address_is_key
@csrf_exempt  # as above
@require_POST
def undo(request: HttpRequest, signed: str) -> HttpResponse:
    """Take the answer back; then all answers can be chosen from again."""
    link = LINKS.read(signed)
    with transaction.atomic():
        entry = _entry(link, locked=True)
        if link is not None and entry is not None and _is_answered(entry, link):
            take_back(entry, _person(link))
    return redirect("freshness_overview", signed)


@address_is_key
@csrf_exempt  # as above
def report_change(request: HttpRequest, signed: str) -> HttpResponse:
    """Those who may edit are led to the editor; others write what has changed, and the team gets a letter."""
    link = LINKS.read(signed)
    entry = _entry(link)
    if link is None or entry is None:
        return _closed(request, signed, entry, link)
    project = entry.page.specific
    edit_url = reverse("wagtailadmin_pages:edit", args=[project.pk])
    if project.permissions_for_user(request.user).can_edit():
        return redirect(edit_url)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _may_write(project):
            are_its_people = bool(people_of(project.public_body))
            with counted() as letters:
                _tell_team(project, form.cleaned_data["text"], edit_url)
            log(instance=project, action="dsr.report_change", user=_person(link))
            more = {"is_sent": letters.went(), "are_its_people": are_its_people}
            return _page(request, "change_sent", entry, signed, **more)
        form.add_error(None, _("So many notes have been sent about this entry today. Please try again tomorrow."))
    return _page(request, "change", entry, signed, form=form, edit_url=edit_url)


def _entry(link: Link | None, *, locked: bool = False) -> Freshness | None:
    """What the link is about, if it is still public."""
    if link is None:
        return None
    entries = Freshness.objects.public().filter(page_id=link.page_id)
    found = (entries.select_for_update(of=("self",)) if locked else entries).first()
    return found if found and _may_still_answer(link, found) else None


def _may_still_answer(link: Link, entry: Freshness) -> bool:
    """False for the link of somebody who has left the body since; the contact of an entry needs no account."""
    if not link.user_id:
        return True
    person = _person(link)
    return person is not None and person.is_active and entry.page.permissions_for_user(person).can_edit()


def _is_open(entry: Freshness, link: Link) -> bool:
    return entry.round == link.round


def _is_answered(entry: Freshness, link: Link) -> bool:
    """True while the answer given with this link can be taken back."""
    return last_answer(entry) is not None and entry.before["round"] == link.round


def _person(link: Link) -> User | None:
    return User.objects.filter(pk=link.user_id).first() if link.user_id else None


def _closed(request: HttpRequest, signed: str, entry: Freshness | None, link: Link | None) -> HttpResponse:
    """Answered already, or a link that leads nowhere any more."""
    if entry is None or link is None:
        return render(request, "people/link_gone.html", status=GONE)
    answered = last_answer(entry) if _is_answered(entry, link) else None
    return _page(request, "answered", entry, signed, said=answered, is_ended=answered == Answer.ENDED)


def _page(request: HttpRequest, name: str, entry: Freshness, signed: str, **more: Any) -> HttpResponse:
    project = entry.page.specific
    context = {"project": project, "freshness": entry, "signed": signed, **more}
    return render(request, f"people/freshness/{name}.html", context)


def _may_write(project: ProjectPage) -> bool:
    return happened_today(project, "dsr.report_change") < NOTES_A_DAY


def _tell_team(project: ProjectPage, text: str, edit_url: str) -> None:
    """Write to the people of the body; to the staff where there are none."""
    body = project.public_body
    to = [person.email for person in people_of(body)] or staff_addresses()
    write("change_reported", to, {"project": project, "body": body, "text": text, "edit_url": absolute(edit_url)})

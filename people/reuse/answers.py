"""What the link of a letter opens: does your municipality use it? No log-in, and nothing changes before a button does.

Programs that look into letters open every link; so opening one only shows a page with the buttons.
"""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from people.links.capability_urls import address_is_key
from people.models import User
from people.reuse import sides as reuse_sides
from people.reuse import uses as reuse
from people.reuse.links import LINKS, Link
from projects.models import ProjectPage, Reuse

GONE = 410
HOLDS, ENDED, REFUSED = "stimmt", "beendet", "nein"


@address_is_key
@csrf_exempt  # the signed address is what allows the answer; who has no cookies can answer as well
def answer(request: HttpRequest, signed: str) -> HttpResponse:
    """Show what is asked; a POST answers."""
    link = LINKS.read(signed)
    if request.method == "POST" and link is not None:
        with transaction.atomic():
            asked, person = _asked(link), _person(link)
            if asked is not None and person is not None and link.is_open(asked):
                _take(asked, person, request.POST.get("answer", ""))
        return redirect("reuse_answer", signed)
    found = _asked(link) if link else None
    person = _person(link) if link else None
    if link is None or found is None or person is None or not reuse_sides.speaks_for(person, found.unit):
        return render(request, "people/link_gone.html", status=GONE)
    context = {"reuse": found, "project": found.project, "is_open": link.is_open(found), "is_claim": not link.stamp}
    return render(request, "people/reuse/answer.html", context)


def _asked(link: Link) -> Reuse | None:
    """What the link is about, if its project can still be read by members."""
    found: Reuse | None = (
        Reuse.objects.readable_by_members().with_units().select_related("project").filter(pk=link.reuse_id).first()
    )
    if found is None or not ProjectPage.objects.readable_by_members().filter(pk=found.project_id).exists():
        return None
    return found


def _person(link: Link) -> User | None:
    """Whom the letter went to, if the account is still active."""
    return User.objects.filter(pk=link.user_id, is_active=True).first()


def _take(found: Reuse, person: User, said: str) -> None:
    """Do what was answered; nothing for people who have left the body since, or if a colleague was quicker."""
    if not reuse_sides.speaks_for(person, found.unit):
        return
    try:
        if said == HOLDS:
            reuse.confirm(found, person)
        elif said == ENDED:
            reuse.end(found, person)
        elif said == REFUSED:
            reuse.refuse(found, person)
    except reuse.AnsweredError:
        return

"""Declaring that one's municipality uses a project, claiming it for others, and looking after what was said."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from pages.access import has_session, is_in, mark_members_only, may_read
from people.admin_site.members_only import members_only
from people.cooperation import partners
from people.cooperation.following import audience_of
from people.current import person_of
from people.day_limits import TooOftenError
from people.mail.letters import counted
from people.models import User
from people.reuse import sides as reuse_sides
from people.reuse import uses as reuse
from people.reuse.forms import RefusalForm, StageForm, UseForm
from people.reuse.notify import people_of_unit
from people.teams.units import Found, find, search, today, unit_of
from projects import reuse as lists
from projects.models import ProjectPage, Reuse, ToldTo
from projects.reuse_map import map_of

SUGGESTIONS = 8


def reuses(request: HttpRequest, number: int) -> HttpResponseBase:
    """Everybody who uses a project; for those who may not read the project it does not exist."""
    project = get_object_or_404(ProjectPage.objects.live(), id=number)
    if not may_read(project, request):
        raise Http404
    user = request.user if has_session(request) else None
    for_members = is_in(request)
    if user is not None:
        mark_members_only([project])
    context = {
        "project": project,
        "public_body": project.public_body,
        "summary": lists.summary_of(project, for_members=for_members),
        "page_obj": lists.page_of_users(project, request.GET.get("seite"), for_members=for_members),
        "map": map_of(lists.on_map(project, for_members=for_members)),
        "is_signed_in": isinstance(user, User),
        "can_claim": isinstance(user, User) and reuse_sides.may_claim(user, project),
    }
    response = render(request, "projects/reuses.html", context)
    if context["is_signed_in"] or project.is_members_only:
        add_never_cache_headers(response)
    return response


@members_only
def declare(request: HttpRequest, number: int) -> HttpResponseBase:
    """“We use this”: for one of the person's bodies. What it has said before is changed instead."""
    project, user = _project(number), person_of(request)
    bodies = reuse_sides.adopting_bodies(user, project)
    if not bodies:
        if reuse_sides.may_claim(user, project):
            return redirect("reuse_claim", number)
        return render(request, "people/reuse/no_body.html", {"project": project})
    if len(bodies) == 1 and (found := reuse_sides.of_unit(project, bodies[0].unit)) and not found.refused_at:
        return redirect("reuse", found.pk)
    form = UseForm(bodies, request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = form.chosen.unit
        kept = reuse.declare(project, unit, user, told=form.told())
        messages.success(
            request,
            _("%(name)s now stands with the project. We ask again in a year whether it still holds.")
            % {"name": kept.name},
        )
        return redirect("reuse", kept.pk)
    context = {"project": project, "form": form, "only_body": bodies[0] if len(bodies) == 1 else None}
    return render(request, "people/reuse/declare.html", context)


@members_only
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One reuse, for both sides: the adopter confirms, changes and refuses, either may take its word back."""
    found, user = _own(request, pk)
    is_adopter = reuse_sides.speaks_for(user, found.unit)
    form, refusal = UseForm([], reuse=found), RefusalForm()
    done = request.POST.get("do", "")
    if request.method == "POST":
        if done == "remove" and reuse_sides.may_remove(user, found):
            reuse.remove(found, user)
            messages.success(
                request, _("Taken back. %(name)s does not stand with the project any more.") % _names(found)
            )
            return render(request, "people/reuse/removed.html", {"project": found.project})
        if not is_adopter:
            raise PermissionDenied
        form, refusal = UseForm([], request.POST, reuse=found), RefusalForm(request.POST)
        if _answer(request, done, found, user, form, refusal):
            return redirect("reuse", pk)
    context = {
        "reuse": found,
        "project": found.project,
        "is_adopter": is_adopter,
        "is_of_plan": audience_of(found) != ToldTo.EVERYBODY,
        "can_remove": reuse_sides.may_remove(user, found),
        "form": form if done == "save" else UseForm([], reuse=found),
        "refusal": refusal if done == "refuse" else RefusalForm(),
    }
    return render(request, "people/reuse/show.html", context)


def _answer(request: HttpRequest, done: str, found: Reuse, user: User, form: UseForm, refusal: RefusalForm) -> bool:
    """Do what a button of the adopter says; False if a form has to be filled in anew."""
    try:
        if done == "confirm":
            reuse.confirm(found, user)
            messages.success(request, _("Confirmed. We ask again in a year."))
        elif done == "save" and form.is_valid():
            reuse.change(found, user, form.told())
            messages.success(request, _("Saved and confirmed. We ask again in a year."))
        elif done == "refuse" and refusal.is_valid():
            reuse.refuse(found, user, refusal.cleaned_data["reason"])
            messages.success(request, _("Refused. It is shown nowhere any more."))
        else:
            return False
    except reuse.AnsweredError:
        messages.warning(request, _("Somebody of your body has answered in the meantime."))
    return True


# --- claims of the provider -------------------------------------------------------------------------------------------


@members_only
def choose_unit(request: HttpRequest, number: int) -> HttpResponseBase:
    """Who else uses it? Search in the register, then choose."""
    project = _claimable(request, number)
    suggest_url = reverse("reuse_suggest", args=[project.pk])
    context = search(request.GET) | {"project": project, "suggest_url": suggest_url}
    return render(request, "people/reuse/choose_unit.html", context)


@members_only
def suggest_units(request: HttpRequest, number: int) -> HttpResponseBase:
    """{"suggestions": [{"text", "kind", "url"}]} for what was typed so far."""
    _claimable(request, number)
    found = find(request.GET.get("q", ""), SUGGESTIONS)
    return JsonResponse({"suggestions": [_suggestion(number, item) for item in found]})


def _suggestion(number: int, item: Found) -> dict[str, str]:
    url = reverse("reuse_claim_for", args=[number, item.level.slug, item.key])
    return {"text": item.name, "kind": item.place or str(item.level.label), "url": url}


@members_only
def claim(request: HttpRequest, number: int, level: str, key: str) -> HttpResponseBase:
    """Say that a unit of the register uses the project; its people are asked."""
    project, user = _claimable(request, number), person_of(request)
    if (found := unit_of(level, key)) is None:
        return redirect("reuse_claim", number)
    unit = today(found[1])
    known = reuse_sides.of_unit(project, unit)
    if known and not known.refused_at and audience_of(known) != ToldTo.NOBODY:
        return redirect("reuses", number)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with counted() as letters:
                kept = reuse.declare(project, unit, user, told=form.told())
        except reuse.RefusedError:
            form.add_error(None, _("%(name)s has said that it does not use the project.") % {"name": unit.titled_name})
        except reuse.NoAdopterError:
            form.add_error(None, _("The project is its own."))
        except TooOftenError:
            form.add_error(None, partners.ASKED_OFTEN)
        else:
            _say_who_is_asked(request, kept, letters.went("reuse_claimed"))
            return redirect("reuses", number)
    context = {"project": project, "form": form, "unit": unit, "has_people": bool(people_of_unit(unit))}
    return render(request, "people/reuse/claim.html", context)


def _say_who_is_asked(request: HttpRequest, kept: Reuse, are_asked: bool) -> None:
    if kept.is_confirmed:
        messages.success(request, _("%(name)s now stands with the project.") % _names(kept))
    elif are_asked:
        text = _("%(name)s stands with the project as unconfirmed. Its people get an e-mail and confirm or deny it.")
        messages.success(request, text % _names(kept))
    elif people_of_unit(kept.unit):
        text = _("%(name)s stands with the project as unconfirmed already; its people have been asked before.")
        messages.info(request, text % _names(kept))
    else:
        text = _("%(name)s stands with the project as unconfirmed: it has nobody on the platform who could confirm it.")
        messages.success(request, text % _names(kept))


# --- who and what -----------------------------------------------------------------------------------------------------


def _names(found: Reuse) -> dict[str, str]:
    return {"name": found.name}


def _project(number: int) -> ProjectPage:
    project: ProjectPage = get_object_or_404(ProjectPage.objects.readable_by_members(), id=number)
    return project


def _claimable(request: HttpRequest, number: int) -> ProjectPage:
    """The project. Raises PermissionDenied for people who are neither of its body nor of the staff."""
    project = _project(number)
    if not reuse_sides.may_claim(person_of(request), project):
        raise PermissionDenied
    return project


def _own(request: HttpRequest, pk: int) -> tuple[Reuse, User]:
    """The reuse. Raises Http404 for people of neither side, and for a provider who may not know of it."""
    user = person_of(request)
    found = get_object_or_404(Reuse.objects.with_units().select_related("project"), pk=pk)
    if not ProjectPage.objects.readable_by_members().filter(pk=found.project_id).exists():
        raise Http404
    is_known = audience_of(found) != ToldTo.NOBODY and reuse_sides.may_claim(user, found.project)
    if not (is_known or reuse_sides.speaks_for(user, found.unit)):
        raise Http404
    return found, user

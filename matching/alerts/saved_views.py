"""/merkliste/: what a member watches, and the searches kept to be told of what they find."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from matching.alerts import saved
from matching.alerts.links import SEARCH, Stream
from matching.models import Rhythm, SavedSearch, Watch
from matching.models.saved import MOST_SEARCHES, NAME_MAX_LENGTH, PARAMETERS_MAX_LENGTH
from matching.telling import hears_of_watched
from pages.access import may_read, readable_now
from people.admin_site.members_only import members_only
from people.current import person_of
from projects.models import ProjectPage, attach_bodies
from search.engines import EngineError
from search.query.parameters import ParsedRequest, parse
from search.results.hits import chips


class SavedSearchForm(forms.ModelForm):
    class Meta:
        model = SavedSearch
        fields = ("name", "rhythm")
        labels = {"name": gettext_lazy("Name of the search"), "rhythm": gettext_lazy("Letters about new results")}


@members_only
def overview(request: HttpRequest) -> HttpResponse:
    """Watched projects and kept searches, each with the way to end it."""
    user = person_of(request)
    watches = (
        user.watches.readable_by_members()
        .filter(project__live=True)
        .select_related("project")
        .order_by("project__title", "pk")
    )
    projects = readable_now([watch.project for watch in watches], request)
    attach_bodies(projects)
    readable = {project.pk for project in projects}
    shown = [watch for watch in watches if watch.project_id in readable]
    context = {"watches": shown, "searches": user.saved_searches.defer("known")}
    return render(request, "matching/saved_list.html", context)


@members_only
def new(request: HttpRequest) -> HttpResponseBase:
    """Keep the search of the address; one that is kept already is shown instead."""
    user, parsed = person_of(request), parse(request.GET)
    address = parsed.parameters.on_page(1).query_string()
    if len(address) > PARAMETERS_MAX_LENGTH:
        messages.error(request, _("This search has too many filters to be kept."))
        return redirect("saved_list")
    if kept := user.saved_searches.filter(parameters=address).first():
        return redirect("saved_edit", kept.pk)
    is_full = user.saved_searches.count() >= MOST_SEARCHES
    form = SavedSearchForm(request.POST or None, initial={"name": name_of(parsed), "rhythm": Rhythm.DAILY})
    if request.method == "POST" and not is_full and form.is_valid():
        search, _is_new = SavedSearch.objects.get_or_create(user=user, parameters=address, defaults=form.cleaned_data)
        _look_once(search)
        quiet = _("The search is kept. As you chose, you get no e-mail when it finds something new.")
        told = _("The search is kept. We write to you when it finds something new.")
        messages.success(request, quiet if search.rhythm == Rhythm.NEVER else told)
        return redirect("saved_list")
    context: dict[str, Any] = {"form": form, "is_full": is_full, "most": MOST_SEARCHES, "query_string": address}
    return render(request, "matching/saved_form.html", context)


def _look_once(search: SavedSearch) -> None:
    """From now on counts as new what is not found at this moment; else from the worker's next look on."""
    try:
        saved.look(search)
    except EngineError:
        return


@members_only
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another name or rhythm."""
    search = get_object_or_404(person_of(request).saved_searches, pk=pk)
    form = SavedSearchForm(request.POST or None, instance=search)
    if request.method == "POST" and form.is_valid():
        Stream(person_of(request), SEARCH, search).set_rhythm(Rhythm(form.cleaned_data["rhythm"]))
        SavedSearch.objects.filter(pk=search.pk).update(name=form.cleaned_data["name"])
        messages.success(request, _("Your choice is saved."))
        return redirect("saved_list")
    context = {"form": form, "search": search, "query_string": search.parameters}
    return render(request, "matching/saved_form.html", context)


@members_only
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Forget a kept search."""
    if not SavedSearch.objects.filter(pk=pk).exists():
        messages.info(request, _("This search is no longer kept."))
        return redirect("saved_list")
    search = get_object_or_404(person_of(request).saved_searches, pk=pk)
    search.delete()
    messages.success(request, _("“%(name)s” is no longer kept.") % {"name": search.name})
    return redirect("saved_list")


@members_only
@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Watch a project that one may read, or no longer; back to where the button was, which then says how it is."""
    project = get_object_or_404(ProjectPage.objects.live(), pk=pk)
    if not may_read(project, request):
        return redirect("saved_list")
    is_ended = "end" in request.POST
    if is_ended:
        Watch.objects.filter(user=person_of(request), project=project).delete()
    else:
        Watch.objects.update_or_create(user=person_of(request), project=project, defaults={"is_own_word": True})
    if "back" in request.POST:
        return redirect(f"{project.url}#beobachten")
    if is_ended:
        said = _("You no longer watch “%(title)s”.")
    elif hears_of_watched(person_of(request)):
        said = _("We write to you when “%(title)s” moves on.")
    else:
        said = _("“%(title)s” is on your list. You have switched off e-mails about what you watch.")
    messages.success(request, said % {"title": project.title})
    return redirect("saved_list")


def name_of(parsed: ParsedRequest) -> str:
    """What the search asks for, as its owner would call it."""
    asked = [parsed.parameters.q, *(chip.label for chip in chips(parsed))]
    return (", ".join(filter(None, asked)) or _("All content"))[:NAME_MAX_LENGTH]

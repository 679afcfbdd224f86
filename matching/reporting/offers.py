"""What a form offers to take over of what its text seems to be about; nothing is taken before somebody presses.

With a script the offers come with the answer of the panel (`matching.reporting.panel_views`). Without it the short form
has a button that shows them and one to take each over: both send the whole form, so that nothing typed is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from matching.plans.drafts import draft_of
from matching.plans.forms import PlanForm
from matching.recognition.recognition import recognise
from people.models import User
from projects.models import ProjectPage, ServiceKey
from search.similar.finding import Draft

# Names of the buttons: show what there is, take one over. The second has “field=value”, as the form would send it.
SHOW, TAKE = "vorschlaege", "uebernehmen"
# As many as are read beside a field.
FIELDS_SHOWN, SERVICES_SHOWN = 3, 5
# The form's fields for fields of action and for services: one choice each in the short form, several in the editor.
PLAN_FIELDS = ("field_of_action", "service")
EDITOR_FIELDS = ("fields_of_action", "ozg_services")


@dataclass(frozen=True)
class Offer:
    """One term, with the field of the form it belongs to and what that would hold."""

    field: str
    value: str
    label: str
    reason: str


@dataclass(frozen=True)
class Taken:
    """What was just taken over, and what its field held before."""

    field: str
    label: str
    before: str


def offers_for_plan(draft: Draft, *, is_first_look: bool = False) -> list[Offer]:
    """For the short form, which takes one of each: what is chosen already is not offered to be replaced."""
    for_field, for_service = PLAN_FIELDS
    is_chosen = {for_field: draft.fields_of_action, for_service: draft.services | draft.service_keys}
    return [offer for offer in _likely(draft, PLAN_FIELDS, is_first_look) if not is_chosen[offer.field]]


def offers_for_editor(draft: Draft, *, is_first_look: bool = False) -> list[Offer]:
    return _likely(draft, EDITOR_FIELDS, is_first_look)


def _likely(draft: Draft, names: tuple[str, str], is_first_look: bool) -> list[Offer]:
    """What the draft is likely about and does not say yet, fields before services, each best first."""
    found = recognise(draft.title, draft.summary, is_first_look=is_first_look)
    of_keys = ServiceKey.objects.filter(pk__in=draft.service_keys).values_list("service_id", flat=True)
    services = draft.services | set(of_keys if draft.service_keys else ())
    for_field, for_service = names
    fields = [one for one in found.fields if one.is_likely and one.pk not in draft.fields_of_action]
    others = [one for one in found.services if one.is_likely and one.pk not in services]
    return [
        *(Offer(for_field, str(one.pk), one.name, one.reason) for one in fields[:FIELDS_SHOWN]),
        *(Offer(for_service, one.label, one.label, one.reason) for one in others[:SERVICES_SHOWN]),
    ]


# --- without a script -------------------------------------------------------------------------------------------------


def are_asked_for(sent: QueryDict) -> bool:
    """True if one of the buttons was pressed: the form is not to be stored."""
    return SHOW in sent or TAKE in sent


@dataclass(frozen=True)
class Refilled:
    """The short form as it was sent, without complaints about what is still missing, and what is offered beside it."""

    form: PlanForm
    offers: list[Offer]
    taken: Taken | None


def refilled(
    user: User, sent: QueryDict, project: ProjectPage | None = None, form_class: type[PlanForm] = PlanForm
) -> Refilled:
    """The form again, with what was pressed taken over."""
    typed = sent.copy()
    field, _equals, value = sent.get(TAKE, "").partition("=")
    taken = None
    if field in PLAN_FIELDS:
        taken = Taken(field, _label(user, field, value), sent.get(field, ""))
        typed[field] = value
    names = form_class(user, typed, project=project).fields
    form = form_class(user, project=project, initial={name: typed.get(name, "") for name in names})
    # What a paper says and nobody has confirmed yet counts here: nothing is stored.
    return Refilled(form, offers_for_plan(draft_of(PlanForm(user, typed, project=project))), taken)


def _label(user: User, field: str, value: str) -> str:
    """How the form calls a value; empty where it takes nothing over, but gives back what was there before."""
    choices: Iterable[tuple[object, object]] = getattr(PlanForm(user).fields[field], "choices", ())
    names = {str(key): str(name) for key, name in choices}
    return names.get(value, "" if names else value) if value else ""

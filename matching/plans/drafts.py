"""What the search compares while the short form is filled in."""

from matching.plans.forms import PlanForm
from projects.models import OzgService, ServiceKey
from search.similar.finding import Draft


def draft_of(form: PlanForm) -> Draft:
    """The draft in a form that was sent, complete or not: what is valid so far counts."""
    form.is_valid()
    cleaned = form.cleaned_data
    services, field = cleaned.get("services", []), cleaned.get("field_of_action")
    body = form.project.public_body if form.project else cleaned.get("body") or next(iter(form.bodies), None)
    return Draft(
        title=cleaned.get("title", ""),
        summary=cleaned.get("problem", ""),
        page_id=form.project.pk if form.project else None,
        service_keys=frozenset(entry.pk for entry in services if isinstance(entry, ServiceKey)),
        services=frozenset(entry.pk for entry in services if isinstance(entry, OzgService)),
        fields_of_action=frozenset({field.pk} if field else ()),
        body=body,
    )

"""What the panel is asked with: the short form, or the fields of the editor as they are typed."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from matching.plans.drafts import draft_of
from matching.plans.forms import PlanForm
from pages.days import DayField
from pages.keys import key_in
from people.models import User
from projects.editor.term_widget import TermsWidget
from projects.models import BodyPage, FieldOfAction, OzgService, Phase, ProjectPage, ServiceKey
from projects.models.phase import PLANNED
from search.semantic.embeddings import described
from search.similar.finding import Draft

# The value of `form` in what the panel sends.
SHORT_FORM, EDITOR = "kurz", "editor"
# What the script adds where there is nothing to see yet.
FIRST_LOOK = "erster_blick"
# Longer texts are cut before they are compared anyway.
TEXT_MAX_LENGTH = 5_000


class Cut(forms.CharField):
    """A text that is used as far as it goes: nothing is refused while somebody types."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\x00", "")[:TEXT_MAX_LENGTH]


class EditorDraftForm(forms.Form):
    """The fields of the project editor that say what it is about, named as there."""

    title = Cut(required=False)
    summary = Cut(required=False)
    problem = Cut(required=False)
    phase = forms.ChoiceField(choices=Phase.choices, required=False)
    starts_on = DayField(required=False)
    fields_of_action = forms.ModelMultipleChoiceField(FieldOfAction.objects.all(), required=False)
    ozg_services = forms.ModelMultipleChoiceField(
        OzgService.objects.all(), required=False, widget=TermsWidget("ozgservice")
    )
    service_keys = forms.ModelMultipleChoiceField(
        ServiceKey.objects.all(), required=False, widget=TermsWidget("servicekey")
    )

    def draft(self, page: ProjectPage | None, body: BodyPage | None) -> Draft:
        """What the search compares, of what can be understood so far."""
        self.is_valid()
        cleaned = self.cleaned_data
        return Draft(
            title=cleaned.get("title", ""),
            summary=described(cleaned.get("summary", ""), cleaned.get("problem", "")),
            page_id=page.pk if page else None,
            service_keys=_numbers(cleaned, "service_keys"),
            services=_numbers(cleaned, "ozg_services"),
            fields_of_action=_numbers(cleaned, "fields_of_action"),
            body=body,
            starts_on=cleaned.get("starts_on"),
        )

    @property
    def is_planned(self) -> bool:
        """True while nothing is built yet; call `draft` before."""
        return self.cleaned_data.get("phase") in PLANNED


def _numbers(cleaned: dict[str, Any], name: str) -> frozenset[int]:
    return frozenset(entry.pk for entry in cleaned.get(name, ()))


def editable_project(user: User, number: str) -> ProjectPage | None:
    """The project of that number if the person may edit it."""
    known = key_in(number)
    page = ProjectPage.objects.filter(pk=known).first() if known else None
    return page if page and page.permissions_for_user(user).can_edit() else None


def asked_about(request: HttpRequest, user: User) -> tuple[Draft, ProjectPage | None, BodyPage | None]:
    """The draft that was sent, with its page and body as far as they are known."""
    sent: QueryDict = request.POST
    project = editable_project(user, sent.get("seite", ""))
    if sent.get("form") == EDITOR:
        named = BodyPage.objects.with_places().filter(pk=key_in(sent.get("stelle", ""))).first()
        body = project.public_body if project else named
        return EditorDraftForm(sent).draft(project, body), project, body
    form = PlanForm(user, sent, project=project)
    draft = draft_of(form)
    body = project.public_body if project else (form.body_chosen if form.bodies else None)
    return draft, project, body

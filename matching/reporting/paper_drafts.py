"""A project described from a council paper: a draft in the editor with what a person took of it.

The file is kept only if it is chosen for that: as any document of the body, and as an artefact of the draft.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from matching.papers.files import ENDINGS
from matching.plans.forms import TITLE_MAX_LENGTH, OneLine
from matching.plans.lifecycle import first_sentence
from matching.reporting.paper_forms import (
    COSTS,
    DECISION,
    OFFICE,
    PROBLEM,
    TITLE,
    Quoted,
    Shown,
    confirmation,
    quoted_in,
)
from pages.addresses import free_slug
from pages.days import day
from people.models import User
from people.teams.teams import bodies_of
from projects.editor.views import collection_of, kept_or_refused, may_keep
from projects.models import Artefact, ArtefactKind, BodyPage, ProjectPage

# Wagtail's own name of the step in the history of a page.
CREATE = "wagtail.create"
# The kind of artefact that a council paper is.
COUNCIL_PAPER = "beschluss"


class PaperDraftForm(forms.Form):
    """For which body, what it is called, and which of the quotations are taken."""

    body: Any = forms.ModelChoiceField(BodyPage.objects.none(), label=_("For which body?"), empty_label=None)
    title = OneLine(label=_("Title of the project"), max_length=TITLE_MAX_LENGTH)
    quoted = forms.CharField(required=False, widget=forms.HiddenInput)
    kept = forms.FileField(
        label=_("Keep the paper with the project"),
        required=False,
        help_text=_("Choose the file again. It becomes public with the project: look before whether it names people."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        bodies = bodies_of(user)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        self.bodies = [body for body in bodies if may_keep(user, body)]
        if len(self.bodies) == 1:
            del self.fields["body"]
        for name, quotation in self.quotations.items():
            if name != TITLE:
                self.fields[f"confirmed_{name}"] = confirmation(quotation, _("Take it over"))

    @cached_property
    def quotations(self) -> dict[str, Quoted]:
        return {
            name: quotation for name, quotation in quoted_in(self["quoted"].value()).items() if not quotation.is_past
        }

    @property
    def shown(self) -> list[Shown]:
        """All but the title, which has a field."""
        return [
            Shown(quotation, False, self[f"confirmed_{name}"])
            for name, quotation in self.quotations.items()
            if name != TITLE
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "body" in self.fields and cleaned.get("body") not in self.bodies:
            self.add_error("body", _("You cannot describe projects of this body."))
        if not self.errors and (upload := cleaned.get("kept")):
            cleaned["document_form"] = kept_or_refused(self.user, upload, collection_of(self.body_chosen))
            for error in cleaned["document_form"].errors.values():
                self.add_error("kept", list(error))
        return cleaned

    @property
    def body_chosen(self) -> BodyPage:
        """The one asked for, or the only one there is to choose."""
        body: BodyPage = self.cleaned_data.get("body") or self.bodies[0]
        return body

    @transaction.atomic
    def draft(self) -> ProjectPage:
        """The page that a valid form makes; nobody but the people of the body sees it."""
        values: dict[str, Any] = {"title": self.cleaned_data["title"]}
        for name, quotation in self.quotations.items():
            if self.cleaned_data.get(f"confirmed_{name}"):
                values |= _values_of(quotation)
        if document_form := self.cleaned_data.get("document_form"):
            document = document_form.save()
            kind = ArtefactKind.objects.filter(slug=COUNCIL_PAPER).first()
            values["artefacts"] = [Artefact(title=document.title, kind=kind, file=document)]
        return store(self.body_chosen, values, self.user)


def _values_of(quotation: Quoted) -> dict[str, Any]:
    """Fields of the page for a quotation."""
    if quotation.name == PROBLEM:
        return {"problem": quotation.value, "summary": first_sentence(quotation.value)}
    if quotation.name == DECISION:
        return {"decision_on": day(quotation.key)}
    if quotation.name == COSTS:
        return dict(zip(("cost_from", "cost_to"), quotation.costs, strict=True))
    return {"contact_name": quotation.value} if quotation.name == OFFICE else {}


def store(body: BodyPage, values: dict[str, Any], by: User) -> ProjectPage:
    """A new draft below the body, with its first revision; call it within a transaction."""
    # Two drafts of one body at the same moment must not get the same place in the tree.
    parent = BodyPage.objects.select_for_update().get(pk=body.pk)
    project = ProjectPage(**values, owner=by, live=False)
    project.slug = free_slug(project.title, parent, project)
    parent.add_child(instance=project)
    project.save_revision(user=by)
    log(instance=project, action=CREATE, user=by)
    return ProjectPage.objects.get(pk=project.pk)

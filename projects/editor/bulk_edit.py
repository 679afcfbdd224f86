"""Changing many projects at once: what is added or set on all of them, leaving everything else as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from taggit.forms import TagField
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.widgets import AdminTagWidget
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from projects.models import FieldOfAction, Licence, Phase, ProjectPage, ProjectTag

LOG_ACTION = "projects.editor.bulk_edit"
LEFT_AS_IS = ("", _("Leave as it is"))
# With a reason that differs from project to project, this end is for the editor of each.
OFFERED_PHASES = [(phase.value, phase.label) for phase in Phase if phase != Phase.DISCONTINUED]


class BulkEditForm(forms.Form):
    """What shall be the same on all chosen projects; an empty field changes nothing."""

    add_tags = TagField(label=_("Add tags"), required=False, widget=AdminTagWidget(tag_model=ProjectTag))
    remove_tags = TagField(label=_("Remove tags"), required=False, widget=AdminTagWidget(tag_model=ProjectTag))
    add_fields = forms.ModelMultipleChoiceField(
        FieldOfAction.objects.all(),
        label=_("Add fields of action"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phase = forms.ChoiceField(label=_("Phase"), required=False, choices=[LEFT_AS_IS, *OFFERED_PHASES])
    text_licence = forms.ModelChoiceField(
        Licence.objects.all(), label=_("Licence of the text"), required=False, empty_label=LEFT_AS_IS[1]
    )

    def clean(self) -> dict[str, Any]:
        changes = super().clean() or {}
        if not self.errors and not any(changes.values()):
            raise ValidationError(_("Say what is to be changed."))
        return changes


def apply(page: ProjectPage, changes: Mapping[str, Any], user: Any) -> bool:
    """Store the changes in a new revision; publish it if the page was published without a draft waiting.

    Returns whether it was published. A page with a draft keeps it: somebody is at work there. The same holds for a
    person who may not publish.
    """
    is_plain = page.live and not page.has_unpublished_changes
    draft = page.get_latest_revision_as_object()
    removed = {tag.slug for tag in ProjectTag.objects.filter(name__in=changes.get("remove_tags") or [])}
    kept = [tag for tag in draft.tags.all() if tag.slug not in removed]
    draft.tags.set([*kept, *(changes.get("add_tags") or [])])
    draft.fields_of_action = {*draft.fields_of_action.all(), *(changes.get("add_fields") or [])}
    for name in ("phase", "text_licence"):
        if changes.get(name):
            setattr(draft, name, changes[name])
    revision = draft.save_revision(user=user, log_action=LOG_ACTION)
    may_publish = user is None or page.permissions_for_user(user).can_publish()
    if is_plain and may_publish:
        revision.publish(user=user)
        return True
    return False


class BulkEdit(PageBulkAction):
    """Wagtail's bulk action on the projects of a list."""

    display_name = _("Change")
    action_type = "change"
    aria_label = _("Change the selected projects")
    template_name = "projects/admin/bulk_edit.html"
    action_priority = 40
    form_class = BulkEditForm

    def check_perm(self, page: Page) -> bool:
        is_project = isinstance(page.specific_class, type) and issubclass(page.specific_class, ProjectPage)
        return is_project and page.permissions_for_user(self.request.user).can_edit() and not page.locked

    def get_execution_context(self) -> dict[str, Any]:
        form = self.cleaned_form
        return {**super().get_execution_context(), "changes": form.cleaned_data if form else {}}

    @classmethod
    @transaction.atomic
    def execute_action(
        cls, objects: Iterable[Page], changes: Mapping[str, Any] | None = None, user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        """Change every project; returns how many were published and how many keep the change as a draft."""
        published = [apply(page.specific, changes or {}, user) for page in objects]
        return sum(published), len(published) - sum(published)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        published = ngettext(
            "%(count)d project was changed.", "%(count)d projects were changed.", num_parent_objects
        ) % {"count": num_parent_objects}
        drafts = ngettext(
            "%(count)d project keeps the change as a draft.",
            "%(count)d projects keep the change as a draft.",
            num_child_objects,
        ) % {"count": num_child_objects}
        said = [(published, num_parent_objects), (drafts, num_child_objects)]
        return " ".join(sentence for sentence, number in said if number)


def register_bulk_edit(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(LOG_ACTION, _("Change together with others"), _("Changed together with other projects"))

"""The staff's list of reported barriers, and the answer: it goes to whoever reported the barrier, once, by e-mail."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import BooleanFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.log_actions import log
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from knowledge.models import BarrierReport
from pages.choosers import NoChooserViewSet
from people.mail.letters import write


class BarrierReportFilterSet(WagtailFilterSet):
    """Which reports still wait."""

    waiting = BooleanFilter(
        field_name="answered_at",
        lookup_expr="isnull",
        label=gettext_lazy("Waiting for an answer"),
        widget=forms.RadioSelect(
            choices=[("", gettext_lazy("All")), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
        ),
    )

    class Meta:
        model = BarrierReport
        fields: ClassVar[list[str]] = []


class AnswerForm(WagtailAdminModelForm):
    """The answer, and whether it goes out now; an answer that has gone out is not changed any more."""

    finish = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report, finish = self.instance, self.fields["finish"]
        if report.email:
            finish.label = _("Send the answer now")
            finish.help_text = _(
                "It goes to %(address)s, once, with what was reported. Afterwards it cannot be changed. Without a "
                "tick the answer is only stored."
            ) % {"address": report.email}
        else:
            finish.label = _("Note as done")
            finish.help_text = _("No answer can be sent: no e-mail address was left.")
        if report.is_answered:
            for field in self.fields.values():
                field.disabled = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.instance.is_answered:
            raise ValidationError(_("This report was answered already; nothing was changed."))
        if values.get("finish") and self.instance.email and not values.get("answer", "").strip():
            self.add_error("answer", _("Write the answer that is to be sent."))
        return values


@transaction.atomic
def answer(report: BarrierReport) -> bool:
    """Close the report with its answer, and send that if an address was left; False if somebody was quicker."""
    now = timezone.now()
    sent_at = now if report.email else None
    mine = BarrierReport.objects.filter(pk=report.pk, answered_at=None)
    if not mine.update(answer=report.answer, answered_at=now, answer_sent_at=sent_at):
        return False
    report.answered_at, report.answer_sent_at = now, sent_at
    if report.email:
        write("barrier_answered", [report.email], {"report": report})
    return True


class BarrierReportEditView(EditView):
    """Says what became of the answer."""

    said: str | None = None

    def save_instance(self) -> Any:
        report = self.form.save(commit=False)
        if not self.form.cleaned_data["finish"]:
            BarrierReport.objects.filter(pk=report.pk, answered_at=None).update(answer=report.answer)
            self.said = _("The answer is stored. Nothing has been sent, the report still waits.")
        elif not answer(report):
            messages.warning(self.request, _("Somebody else has answered in the meantime. Nothing was sent."))
            return report
        elif report.answer_sent_at:
            self.said = _("The answer is on its way to %(address)s.") % {"address": report.email}
        else:
            self.said = _("The report is noted as done. No answer was sent: no e-mail address was left.")
        log(instance=report, action="wagtail.edit", user=self.request.user)
        return report

    def get_success_message(self) -> str | None:
        return self.said


class BarrierReportViewSet(SnippetViewSet):
    """Oldest unanswered first: each must be answered within a month."""

    model = BarrierReport
    chooser_viewset_class = NoChooserViewSet
    icon = "warning"
    menu_label = gettext_lazy("Barrier reports")
    menu_order = 320
    add_to_admin_menu = True
    list_display = [
        "__str__",
        "address",
        Column("answer_due_on", label=gettext_lazy("Answer due on")),
        "answered_at",
        Column("answer_sent_at", label=gettext_lazy("Answer sent")),
    ]
    filterset_class = BarrierReportFilterSet
    copy_view_enabled = False
    edit_view_class = BarrierReportEditView
    edit_handler = ObjectList(
        [
            FieldPanel("address", read_only=True),
            FieldPanel("description", read_only=True),
            FieldPanel("name", read_only=True),
            FieldPanel("email", read_only=True),
            FieldPanel("answer"),
            FieldPanel("finish"),
            FieldPanel("answered_at", read_only=True),
            FieldPanel("answer_sent_at", read_only=True),
        ],
        base_form_class=AnswerForm,
    )


register_snippet(BarrierReportViewSet)

"""The editor of a project, sorted the way people tell it: what, for whom, how far, what can be reused, whom to ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel

from projects.editor.panels import ArtefactsPanel, GuidedPanel, GuidedTitlePanel
from projects.editor.term_widget import TermsWidget

TERMS_HELP = _("Type the beginning of a name or a key and choose from the suggestions.")
# What reads well: a title fits on two lines of a card, an answer on a third of a screen.
TITLE_ADVISED = 90
ANSWER_ADVISED = 600

WHAT = _("What")

what: list[Any] = [
    GuidedTitlePanel(
        "title",
        help_text=_("What it is, in words that people outside your town hall use too."),
        example=_("Reporting defects: photograph a pothole, follow the repair"),
        advised=TITLE_ADVISED,
    ),
    GuidedPanel(
        "summary",
        example=_(
            "Residents report defects by phone; the report reaches the depot at once and everybody sees its state."
        ),
    ),
    GuidedPanel(
        "problem",
        example=_("Reports arrived by phone and e-mail in five offices; nobody knew what was being dealt with."),
        advised=ANSWER_ADVISED,
    ),
    FieldPanel("body", help_text=_("How did you go about it? Text, pictures, figures and steps in any order.")),
    MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Image")),
]

for_whom: list[Any] = [
    GuidedPanel("target_group", help_text=_("Who uses it?"), example=_("Parents of children below three")),
    GuidedPanel(
        "change_for_citizens", example=_("A photo is enough; the answer comes in two days."), advised=ANSWER_ADVISED
    ),
    # Filled by the app that recognises what a text is about.
    HelpPanel(template="projects/admin/terms_slot.html"),
    FieldPanel("fields_of_action", widget=forms.CheckboxSelectMultiple, help_text=_("One or two that fit best.")),
    FieldPanel("ozg_services", widget=TermsWidget("ozgservice"), help_text=TERMS_HELP),
    FieldPanel("service_keys", widget=TermsWidget("servicekey"), help_text=TERMS_HELP),
    FieldPanel("tags", help_text=_("Words others would search for; the suggestions are in use already.")),
    FieldPanel("portal_url"),
]

how_far: list[Any] = [
    MultiFieldPanel(
        [
            FieldPanel("phase", help_text=_("Where it stands today; you can change it at any time.")),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            FieldPanel("decision_on"),
            FieldPanel("stop_reason", help_text=_("Only if it was not pursued further.")),
            GuidedPanel("stop_note"),
        ],
        heading=_("Phase and period"),
    ),
    InlinePanel("participations", heading=_("Participating bodies"), label=_("Participating body")),
    MultiFieldPanel(
        [FieldPanel("openness"), GuidedPanel("partner_note"), GuidedPanel("partner_need")], heading=_("Partners")
    ),
]

reusable: list[Any] = [
    ArtefactsPanel("artefacts", heading=_("Artefacts"), label=_("Artefact")),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("product"), FieldPanel("provider")]),
            GuidedPanel("standards"),
            FieldPanel("conformity"),
        ],
        heading=_("Product and standards"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("cost_from"), FieldPanel("cost_to")]),
            FieldRowPanel([FieldPanel("effort_from"), FieldPanel("effort_to")]),
            GuidedPanel("funding", example=_("Own budget, Model Projects Smart Cities")),
            GuidedPanel("cost_note", example=_("Without the hours of our own IT; licences for two years.")),
        ],
        heading=_("Cost and effort"),
    ),
    FieldPanel("lessons_learned"),
    FieldPanel(
        "text_licence",
        widget=forms.Select,
        help_text=_("Under which others may use your text; CC-BY-4.0 asks them to name you."),
    ),
]

whom_to_ask: list[Any] = [
    MultiFieldPanel(
        [
            GuidedPanel("contact_name", example=_("Digital office, Ms Muster")),
            FieldPanel("contact_role"),
            FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
            FieldRowPanel([FieldPanel("deputy_name"), FieldPanel("deputy_email")]),
            FieldPanel("contact_promise"),
        ],
        heading=_("Contact"),
        help_text=_(
            "Everybody sees names, role and phone. Questions come by a form; the e-mail addresses are shown to nobody. "
            "An office and a shared mailbox outlive the person."
        ),
    ),
    # What is made up is the centre's to say, like the register.
    FieldPanel("is_example", permission="projects.change_state"),
]

further_tabs: list[tuple[list[Any], Any]] = [
    (for_whom, _("For whom")),
    (how_far, _("How far")),
    (reusable, _("What can be reused")),
    (whom_to_ask, _("Whom to ask")),
]

"""What several bodies do together: one leads, all share what each of their projects has to offer."""

from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, PageManager

from pages.access import mark_members_only
from pages.blocks import ProseStreamBlock
from pages.models import BasePage, PageForm, ReadablePageQuerySet, SummarisedPage
from pages.tree import parent_path
from projects.models.artefact import Artefact
from projects.models.body import BodyPage, BodyQuerySet
from projects.models.partner import Partnership, PartnerState
from projects.models.project import ProjectPage, attach_bodies

# Sent with `alliance` and the `bodies` it names from now on, when it is published.
members_named = Signal()


class MemberFormSet(BaseChildFormSet):
    """Takes in nobody without their consent: offers the bodies that have agreed, which the form around it names."""

    offered: BodyQuerySet

    @cached_property
    def choices(self) -> list[tuple[int | str, Any]]:
        """What each row offers, read once for all of them."""
        bodies = self.offered.with_places().order_by("title", "pk")
        return [("", _("Please choose")), *((body.pk, with_place(body)) for body in bodies)]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        field = form.fields["body"]
        field.queryset = self.offered
        field.choices = self.choices
        field.error_messages["invalid_choice"] = _(
            "Only a body whose participation in one of your projects is assured."
        )


class MembersPanel(InlinePanel):
    """Members, each one of those who have agreed."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = MemberFormSet
        return options


def with_place(body: BodyPage) -> str:
    """As it is named in a list to choose from, where namesakes may stand."""
    return f"{body.title} ({body.place_label})" if body.place_label else body.title


class AllianceForm(PageForm):
    """Offers the projects of lead and members, what those that were chosen have to take along, and who has agreed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.projects.all()
        offered = self.instance.projects_of_members() | ProjectPage.objects.filter(pk__in=[page.pk for page in chosen])
        self.fields["projects"].queryset = offered.order_by("title", "pk")
        self.fields["projects"].label_from_instance = lambda page: page.title
        shared = Artefact.objects.filter(project__in=chosen).select_related("project")
        self.fields["artefacts"].queryset = shared.order_by("project", "sort_order", "pk")
        self.fields["artefacts"].label_from_instance = lambda found: f"{found.title} – {found.project.title}"
        self.formsets["members"].offered = BodyPage.objects.filter(pk__in=self._agreed())

    def _agreed(self) -> set[int]:
        """Who is named already, and the partners of the lead's projects and of those that are chosen."""
        lead = parent_path(self.instance.path)
        theirs = models.Q(project__path__startswith=lead) | models.Q(project__in=self._chosen())
        partners = Partnership.objects.readable().filter(theirs, state=PartnerState.ASSURED).exclude(body__path=lead)
        named = {member.body_id for member in self.instance.members.all()}
        return named.union(partners.values_list("body", flat=True))

    def _chosen(self) -> list[int]:
        """Keys of the projects as they are sent; none if one is among them that is not offered."""
        if not self.is_bound:
            return [page.pk for page in self.instance.projects.all()]
        try:
            return [page.pk for page in self.fields["projects"].clean(self.data.getlist("projects"))]
        except forms.ValidationError:
            return []


class AlliancePage(SummarisedPage):
    """Below the body that leads it, whose people edit it; begun from a partnership that was assured."""

    # Whoever searches finds the projects, and each of them leads here: a second hit would say the same.
    is_findable: ClassVar[bool] = False
    parent_page_types: ClassVar[list[str]] = ["projects.BodyPage"]
    subpage_types: ClassVar[list[str]] = []
    # There is none without a partner who has agreed; see `people.cooperation.alliances`.
    is_creatable = False
    template = "projects/alliance_page.html"
    base_form_class = AllianceForm

    body = StreamField(ProseStreamBlock(), blank=True, verbose_name=_("description"))
    projects = ParentalManyToManyField(ProjectPage, blank=True, related_name="alliances", verbose_name=_("projects"))
    artefacts = ParentalManyToManyField(
        Artefact, blank=True, related_name="alliances", verbose_name=_("shared artefacts")
    )
    is_example = models.BooleanField(_("example content"), default=False)

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("summary", help_text=_("What do you want to achieve together?")),
        FieldPanel("body"),
        MembersPanel(
            "members",
            heading=_("Members"),
            label=_("Member"),
            help_text=_("Partners that you have assured. Their people are told when the page is published."),
        ),
        FieldPanel(
            "projects",
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Projects of a new member can be chosen once the page is saved."),
        ),
        FieldPanel(
            "artefacts",
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Taken from the projects that are chosen above; save first."),
        ),
        InlinePanel("steps", heading=_("Timetable"), label=_("Step")),
    ]

    objects = PageManager.from_queryset(ReadablePageQuerySet)()

    class Meta:
        verbose_name = _("alliance")
        verbose_name_plural = _("alliances")

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Store the page, with every way of publishing; the bodies it names from now on are told."""
        before = self._named()
        saved = super().save(*args, **kwargs)
        if new := self._named() - before:
            bodies = BodyPage.objects.filter(pk__in=new).order_by("title", "pk")
            members_named.send(AlliancePage, alliance=AlliancePage.objects.get(pk=self.pk), bodies=bodies)
        return saved

    def _named(self) -> set[int]:
        """Which bodies the published page names as members, the lead left out."""
        shown = AllianceMember.objects.filter(alliance=self.pk, alliance__live=True)
        return set(shown.exclude(body__path=parent_path(self.path)).values_list("body", flat=True))

    def lead(self) -> BodyPage:
        found: BodyPage = BodyPage.objects.with_places().parent_of(self).get()
        return found

    def other_members(self) -> list["AllianceMember"]:
        """Each readable body once, in the editor's order; the lead stands for itself."""
        members = {member.body_id: member for member in reversed(self.members.all())}
        bodies = BodyPage.objects.readable().with_places().exclude(path=parent_path(self.path)).in_bulk(members)
        found = [member for member in reversed(members.values()) if member.body_id in bodies]
        for member in found:
            member.body = bodies[member.body_id]
        return found

    def projects_of_members(self) -> Any:
        """What lead and members have published for everybody."""
        bodies = BodyPage.objects.filter(pk__in=[member.body_id for member in self.members.all()])
        paths = [parent_path(self.path), *bodies.values_list("path", flat=True)]
        below = models.Q(pk__in=())
        for path in paths:
            below |= models.Q(path__startswith=path)
        return ProjectPage.objects.readable().filter(below)

    def readable_projects(self) -> list[ProjectPage]:
        """What everybody may read; on a page for members, what members may."""
        chosen = ProjectPage.objects.filter(pk__in=[page.pk for page in self.projects.all()])
        readable = chosen.readable_by_members() if self.is_members_only else chosen.readable()
        found = list(readable.for_cards().order_by("title", "pk"))
        attach_bodies(found)
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        mark_members_only([self])
        projects = self.readable_projects()
        chosen = [artefact.pk for artefact in self.artefacts.all()]
        shared = Artefact.objects.filter(pk__in=chosen, project__in=projects)
        return super().get_context(request, *args, **kwargs) | {
            "lead": self.lead(),
            "members": self.other_members(),
            "projects": projects,
            "artefacts": shared.select_related("kind", "licence", "file").order_by("project", "sort_order", "pk"),
            "steps": self.steps.all(),
        }

    def __str__(self) -> str:
        return self.title


class AllianceMember(Orderable):
    """A body that takes part, beside the one that leads."""

    alliance = ParentalKey(AlliancePage, on_delete=models.CASCADE, related_name="members")
    body = models.ForeignKey(BodyPage, models.CASCADE, related_name="alliance_memberships", verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=120, blank=True, help_text=_("Such as testing, interfaces, costs."))

    panels: ClassVar[list[Any]] = [FieldPanel("body", widget=forms.Select), FieldPanel("role")]

    class Meta(Orderable.Meta):
        verbose_name = _("member of an alliance")
        verbose_name_plural = _("members of alliances")

    def __str__(self) -> str:
        return f"{self.body}, {self.role}" if self.role else str(self.body)


class StepState(models.TextChoices):
    AHEAD = "geplant", _("ahead")
    RUNNING = "laeuft", _("under way")
    DONE = "erledigt", _("done")


class AllianceStep(Orderable):
    """One line of the timetable."""

    alliance = ParentalKey(AlliancePage, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(_("what"), max_length=150)
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=StepState, default=StepState.AHEAD)

    panels: ClassVar[list[Any]] = [FieldPanel("title"), FieldPanel("due_on"), FieldPanel("state")]

    class Meta(Orderable.Meta):
        verbose_name = _("step of an alliance")
        verbose_name_plural = _("steps of alliances")

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

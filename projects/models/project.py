"""The project page: what a municipality built, tried or plans, told so that another one can reuse it."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import PageManager, PagePermissionTester
from wagtail.search import index

from pages.blocks import SENTENCE_FEATURES, ProseStreamBlock
from pages.models import BasePage, ReadablePageQuerySet, SummarisedPage
from pages.tree import parent_path
from projects.editor import project_panels
from projects.editor.panels import ProjectInterface
from projects.models.artefact import Artefact
from projects.models.body import BodyPage, BodyQuerySet
from projects.models.former import with_successors
from projects.models.phase import PLANNED, ROAD_MAP, RUNNING, Conformity, ContactPromise, Openness, Phase, StopReason
from projects.models.tags import TaggedProject
from projects.models.taxonomy import FieldOfAction, Licence, OzgField, OzgService, ServiceKey

LESSON_FEATURES = [*SENTENCE_FEATURES, "ol", "ul"]


class ProjectQuerySet(ReadablePageQuerySet):
    def for_cards(self) -> Self:
        """Fetches what a card shows, in a fixed number of queries; `attach_bodies` adds the bodies."""
        return self.select_related("image", "freshness").prefetch_related("fields_of_action", "image__renditions")

    def looking_for_partners(self) -> Self:
        return self.filter(openness=Openness.PARTNERS)


def attach_bodies(projects: Iterable["ProjectPage"], bodies: BodyQuerySet | None = None) -> None:
    """Give each project its `public_body`, in one query for all of them; `bodies` says what is fetched of it."""
    pages = list(projects)
    parents = {parent_path(page.path) for page in pages}
    fetched = BodyPage.objects.with_places() if bodies is None else bodies
    # Without an order, which Django takes long to put together for so many columns.
    by_path = {body.path: body for body in fetched.filter(path__in=parents).order_by()}
    for page in pages:
        page.public_body = by_path[parent_path(page.path)]


class ProjectPermissionTester(PagePermissionTester):
    """Wagtail's answers; a plan becomes public where its people are asked what is like it, and in no other way."""

    def can_set_view_restrictions(self) -> bool:
        plan = getattr(self.page.specific, "plan", None)
        return not (plan and plan.is_members_only) and bool(super().can_set_view_restrictions())


class ProjectPage(SummarisedPage):
    """One project of a body, from the first idea to the transfer to others, or to its end."""

    is_findable: ClassVar[bool] = True
    parent_page_types: ClassVar[list[str]] = ["projects.BodyPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "projects/project_page.html"

    image = models.ForeignKey(
        "projects.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("image")
    )
    image_alt = models.CharField(
        _("alternative text of the image"),
        max_length=250,
        blank=True,
        help_text=_("What can be seen, for those who cannot see it. Empty if the image is mere decoration."),
    )
    problem = models.TextField(
        _("problem"), blank=True, help_text=_("Which problem does the project solve, and who has it?")
    )
    change_for_citizens = models.TextField(
        _("what changes for citizens"),
        blank=True,
        help_text=_("What is easier, faster or possible at all now?"),
    )
    target_group = models.CharField(_("target group"), max_length=250, blank=True)
    body = StreamField(ProseStreamBlock(), blank=True, verbose_name=_("description"))
    lessons_learned = RichTextField(
        _("lessons learned"),
        features=LESSON_FEATURES,
        blank=True,
        help_text=_("What would you do differently? Failures save others the most work."),
    )

    phase = models.CharField(_("phase"), max_length=20, choices=Phase, default=Phase.IDEA, db_index=True)
    stop_reason = models.CharField(_("reason for the end"), max_length=12, choices=StopReason, blank=True)
    stop_note = models.TextField(_("why it was not pursued further"), max_length=1_000, blank=True)
    starts_on = models.DateField(_("begin"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    decision_on = models.DateField(
        _("decision expected"),
        null=True,
        blank=True,
        help_text=_("Until when is it open whether and how you build it?"),
    )

    fields_of_action = ParentalManyToManyField(
        FieldOfAction, blank=True, related_name="projects", verbose_name=_("fields of action")
    )
    ozg_services = ParentalManyToManyField(
        OzgService, blank=True, related_name="projects", verbose_name=_("OZG services")
    )
    service_keys = ParentalManyToManyField(
        ServiceKey, blank=True, related_name="projects", verbose_name=_("service keys")
    )
    tags = ClusterTaggableManager(through=TaggedProject, blank=True, verbose_name=_("tags"))

    product = models.CharField(_("product"), max_length=150, blank=True)
    provider = models.CharField(_("provider"), max_length=150, blank=True)
    standards = models.TextField(
        _("standards"), max_length=1_000, blank=True, help_text=_("Such as XÖV, OParl, DIN SPEC 91357.")
    )
    conformity = models.CharField(_("conformity"), max_length=8, choices=Conformity, default=Conformity.UNKNOWN)
    portal_url = models.URLField(
        _("page on the body's own portal"),
        max_length=500,
        blank=True,
        help_text=_("Where citizens find the service."),
    )

    openness = models.CharField(_("openness"), max_length=10, choices=Openness, blank=True, db_index=True)
    partner_note = models.TextField(
        _("what we offer"), max_length=1_000, blank=True, help_text=_("What do partners get?")
    )
    partner_need = models.TextField(
        _("what we look for"), max_length=1_000, blank=True, help_text=_("What should partners bring?")
    )
    cost_from = models.PositiveIntegerField(_("cost from (euro)"), null=True, blank=True)
    cost_to = models.PositiveIntegerField(_("cost to (euro)"), null=True, blank=True)
    effort_from = models.PositiveIntegerField(_("effort from (person-days)"), null=True, blank=True)
    effort_to = models.PositiveIntegerField(_("effort to (person-days)"), null=True, blank=True)
    funding = models.CharField(_("source of funds"), max_length=250, blank=True)
    cost_note = models.TextField(_("what the figures contain"), max_length=500, blank=True)

    contact_name = models.CharField(_("name or office"), max_length=120, blank=True)
    contact_role = models.CharField(_("role"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True, help_text=_("A shared mailbox outlives the person."))
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    deputy_name = models.CharField(_("deputy: name or office"), max_length=120, blank=True)
    deputy_email = models.EmailField(
        _("deputy: e-mail"), blank=True, help_text=_("Gets questions as well, so that none waits for a holiday's end.")
    )
    contact_promise = models.CharField(_("what you offer"), max_length=12, choices=ContactPromise, blank=True)
    text_licence = models.ForeignKey(
        Licence,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("licence of the text"),
    )
    is_example = models.BooleanField(_("example content"), default=False)

    content_heading = project_panels.WHAT
    content_panels: ClassVar[list[Any]] = project_panels.what
    further_tabs: ClassVar[list[tuple[list[Any], Any]]] = project_panels.further_tabs
    tabs_class = ProjectInterface
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("problem"),
        index.SearchField("body"),
        index.FilterField("phase"),
    ]

    objects = PageManager.from_queryset(ProjectQuerySet)()

    @property
    def has_contact_form(self) -> bool:
        """True once it has a number that questions can be sent to."""
        return self.pk is not None

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    @cached_property
    def public_body(self) -> BodyPage:
        """The body whose project this is: its parent page."""
        return BodyPage.objects.with_places().parent_of(self).get()

    @property
    def is_seeking_partners(self) -> bool:
        return self.openness == Openness.PARTNERS

    @property
    def is_built_alone(self) -> bool:
        return self.openness == Openness.ALONE

    @property
    def is_discontinued(self) -> bool:
        return self.phase == Phase.DISCONTINUED

    @property
    def is_conformity_examined(self) -> bool:
        return self.conformity != Conformity.UNKNOWN

    @property
    def contact_promise_sentence(self) -> str:
        """What the promise means for whoever asks; empty without one."""
        return str(ContactPromise(self.contact_promise).sentence) if self.contact_promise else ""

    @property
    def is_planned(self) -> bool:
        """True for a Vorhaben: nothing is built yet."""
        return self.phase in PLANNED

    @property
    def is_running(self) -> bool:
        """True for what others can look at in use."""
        return self.phase in RUNNING

    @property
    def road_map(self) -> list[dict[str, Any]]:
        """The five phases with the state of each, for the stepper; empty once the project has ended."""
        if self.phase not in ROAD_MAP:
            return []
        reached = ROAD_MAP.index(Phase(self.phase))
        states = ["done" if i < reached else "current" if i == reached else "ahead" for i in range(len(ROAD_MAP))]
        return [{"phase": p, "label": p.label, "state": s} for p, s in zip(ROAD_MAP, states, strict=True)]

    @cached_property
    def ozg_fields(self) -> list[OzgField]:
        """Themenfelder, following from the OZG services and service keys."""
        services = [
            *self.ozg_services.all(),
            *(key.service for key in self.service_keys.all() if key.service),
        ]
        fields = {service.field_id: service.field for service in services}
        return sorted(fields.values(), key=lambda field: (field.sort_order, field.name))

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        for first, last, message in (
            ("starts_on", "ends_on", _("The end lies before the beginning.")),
            ("cost_from", "cost_to", _("The upper figure is below the lower one.")),
            ("effort_from", "effort_to", _("The upper figure is below the lower one.")),
        ):
            low, high = getattr(self, first), getattr(self, last)
            if low is not None and high is not None and high < low:
                errors[last] = message
        if self.is_discontinued and not self.stop_reason:
            errors["stop_reason"] = _("Say why: it saves others from the same attempt.")
        if errors:
            raise ValidationError(errors)

    def with_content_json(self, content: dict[str, Any]) -> "ProjectPage":
        """A revision's state; what identifies things is taken from today, not from the revision."""
        page = super().with_content_json(with_successors(type(self), content))
        stable = dict(Artefact.objects.filter(project_id=self.pk).values_list("pk", "uuid"))
        for artefact in page.artefacts.all():
            artefact.uuid = stable.get(artefact.pk, artefact.uuid)
        return page

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        artefacts = self.artefacts.all()
        if not getattr(request, "is_preview", False):
            artefacts = artefacts.select_related("kind", "licence", "file")
        return context | {"public_body": self.public_body, "artefacts": artefacts}

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return ProjectPermissionTester(user, self)

    def __str__(self) -> str:
        return self.title

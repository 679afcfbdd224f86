"""Public bodies that take part: each is a page, with its projects below it and its own people and files."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index

from pages.access import closed_to
from pages.blocks import ProseStreamBlock
from pages.models import BasePage, ReadablePageQuerySet, SummarisedPage
from pages.protection import PageProtection
from projects.editor.body_panels import BodyForm, IdentityPanel
from projects.models.identity import IDENTITY_FIELDS, REGISTER_FIELDS, BodyKind, Identity, RegisterReference
from projects.models.register import Association, District, SizeClass, State

# As many as fit on a few screens; eleven thousand municipalities could take part.
BODIES_ON_A_PAGE = 100
PROJECTS_ON_A_PAGE = 24
# What the place label of a municipality is made of.
LABEL_FIELDS = (
    "municipality__district__kind",
    "municipality__district__name",
    "municipality__district__state__name",
)


class BodyIndexPage(PageProtection, SummarisedPage):
    """The list of all bodies that take part."""

    is_findable: ClassVar[bool] = False
    parent_page_types: ClassVar[list[str]] = ["knowledge.HomePage"]
    subpage_types: ClassVar[list[str]] = ["projects.BodyPage"]
    max_count = 1
    template = "projects/body_index_page.html"

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, FieldPanel("summary")]

    class Meta:
        verbose_name = _("list of bodies")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the bodies of the chosen Land whose name contains the text asked for, with their project counts."""
        context = super().get_context(request, *args, **kwargs)
        chosen_state = request.GET.get("land", "").replace("\x00", "")
        name = request.GET.get("name", "").replace("\x00", "").strip()[:100]
        bodies = BodyPage.objects.child_of(self).readable().with_project_counts().with_places()
        if chosen_state:
            bodies = bodies.in_state(chosen_state)
        if name:
            bodies = bodies.filter(title__icontains=name)
        paginator = Paginator(bodies.order_by("title", "pk"), BODIES_ON_A_PAGE)
        parameters = {key: value for key, value in (("name", name), ("land", chosen_state)) if value}
        return context | {
            "page_obj": paginator.get_page(request.GET.get("seite")),
            "page_query": f"{urlencode(parameters)}&" if parameters else "",
            "states": State.objects.current(),
            "chosen_state": chosen_state,
            "name": name,
        }


class BodyQuerySet(ReadablePageQuerySet):
    def with_project_counts(self) -> "BodyQuerySet":
        """Adds `project_count`: readable pages directly below (a body's children are its projects, and alliances)."""
        alliances = apps.get_model("projects", "AlliancePage").objects.order_by().values("pk")
        # Children as an interval of paths, which the index on `path` answers however many pages there are.
        first, last = (Concat(OuterRef("path"), Value(digit * Page.steplen)) for digit in "0Z")
        counts = (
            Page.objects.filter(live=True, depth=OuterRef("depth") + 1, path__gte=first, path__lte=last)
            .exclude(pk__in=closed_to("public").values("page"))  # a list shows no body that is closed itself
            .exclude(pk__in=alliances)
            .order_by()
            .annotate(group=Value(1))
            .values("group")
            .annotate(total=Count("pk"))
            .values("total")
        )
        return self.annotate(project_count=Coalesce(Subquery(counts), 0))

    def with_places(self) -> "BodyQuerySet":
        """Fetches what a body's place needs: of municipalities, as most are, in the same query, of others in one each.

        All in one takes two and a half times as long to put together, to plan and to read.
        """
        return self.select_related("municipality__district__state", "municipality__state")._with_other_units()

    def with_place_labels(self) -> "BodyQuerySet":
        """Fetches title and place label and nothing else, which takes half the time of `with_places`."""
        named = self.select_related("municipality__district__state")
        return named.only("path", "title", *IDENTITY_FIELDS, *LABEL_FIELDS)._with_other_units()

    def _with_other_units(self) -> "BodyQuerySet":
        return self.prefetch_related(
            Prefetch("district", District.objects.select_related("state")),
            Prefetch("association", Association.objects.select_related("district__state")),
            "state",
            "seat_state",
        )

    def _prefetch_related_objects(self) -> None:
        """Asks for Kreise, associations and Länder where a body has one: Django is slow to find that none has."""
        bodies = [
            body for body in self._result_cache or () if isinstance(body, BodyPage)
        ]  # else there are values alone
        unused = {
            name
            for name in (*REGISTER_FIELDS, "seat_state")
            if not any(vars(body).get(f"{name}_id") for body in bodies)
        }
        lookups = [one for one in self._prefetch_related_lookups if getattr(one, "prefetch_to", one) not in unused]
        prefetch_related_objects(bodies, *lookups)
        self._prefetch_done = True

    def with_state_key(self) -> "BodyQuerySet":
        """Adds `state_key`: the two digits of the Land the body belongs to, None for federal authorities."""
        return self.annotate(
            state_key=Coalesce(
                "municipality__state__key",
                "district__state__key",
                "association__district__state__key",
                "state__key",
                "seat_state__key",
            )
        )

    def in_state(self, key: str) -> "BodyQuerySet":
        """Bodies within the Land of that two-digit key."""
        return self.with_state_key().filter(state_key=key)


class BodyPage(Identity, SummarisedPage):
    """A municipality, Kreis, association, Land or federal authority with its profile and its projects."""

    is_findable: ClassVar[bool] = True
    parent_page_types: ClassVar[list[str]] = ["projects.BodyIndexPage"]
    subpage_types: ClassVar[list[str]] = ["projects.ProjectPage", "projects.AlliancePage"]
    template = "projects/body_page.html"
    base_form_class = BodyForm

    about = StreamField(ProseStreamBlock(), blank=True, verbose_name=_("profile"))
    website = models.URLField(_("website"), blank=True)
    logo = models.ForeignKey(
        "projects.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    is_example = models.BooleanField(_("example content"), default=False)

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        IdentityPanel(heading=_("Who is it?")),
        FieldPanel("summary"),
        FieldPanel("about"),
        FieldPanel("website"),
        FieldPanel("logo"),
        FieldPanel("is_example", permission="projects.change_state"),
    ]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, index.SearchField("summary")]

    objects = PageManager.from_queryset(BodyQuerySet)()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        # Whether a page is public makes no difference: the one that was taken down is published again.
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=[field], name=f"one_page_per_{field}") for field in REGISTER_FIELDS
        ]

    @property
    def is_land(self) -> bool:
        return self.kind == BodyKind.STATE

    @property
    def size_class(self) -> str:
        """Value of SizeClass, empty where it does not apply or is not known."""
        if self.municipality:
            return self.municipality.size_class
        if self.kind == BodyKind.DISTRICT:
            return SizeClass.KREIS
        if self.kind in {BodyKind.ASSOCIATION, BodyKind.INTERMUNICIPAL}:
            return SizeClass.ZUSAMMENSCHLUSS
        return ""

    @property
    def place_label(self) -> str:
        """Kreis and Land, so that namesakes are told apart; the kind for bodies without a place."""
        unit = self.unit
        if unit and unit.place_label:
            return unit.place_label
        if self.seat_state:
            return self.seat_state.name
        return "" if self.kind == BodyKind.UNASSIGNED else self.get_kind_display()

    def projects(self) -> Any:
        """Its readable projects, newest first; the body that collects imports may have thousands."""
        projects = apps.get_model("projects", "ProjectPage").objects
        return projects.child_of(self).readable().for_cards().order_by("-first_published_at")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "page_obj": Paginator(self.projects(), PROJECTS_ON_A_PAGE).get_page(request.GET.get("seite"))
        }

    def __str__(self) -> str:
        return self.title


class Participation(Orderable, RegisterReference):
    """Another public body that takes part in a project, picked from the register."""

    project = ParentalKey("projects.ProjectPage", on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(_("role"), max_length=120, blank=True, help_text=_("Such as partner, operator, funder."))

    panels: ClassVar[list[Any]] = [*(FieldPanel(field) for field in REGISTER_FIELDS), FieldPanel("role")]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]
        verbose_name = _("participating body")
        verbose_name_plural = _("participating bodies")

    def __str__(self) -> str:
        return str(self.unit or "")

    def clean(self) -> None:
        if sum(getattr(self, f"{field}_id") is not None for field in REGISTER_FIELDS) != 1:
            raise ValidationError(_("Choose exactly one municipality, Kreis, association or Land."))

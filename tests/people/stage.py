"""One of everything that an address can be about, all of one body; and a person of every role to come along."""

import json
import re
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site, Task, Workflow

from knowledge.models import BarrierReport
from matching.alerts.links import LINKS as ALERT_LINKS
from matching.alerts.links import SIMILAR, Stream
from matching.models import Demand, DemandSupport, SavedSearch, SearchMiss
from matching.plans.lifecycle import PlanValues, report
from people.cooperation import alliances, partners
from people.cooperation.contact import ANSWERED
from people.joining.invitations import LINKS as INVITATION_LINKS
from people.joining.invitations import token_for
from people.joining.requests import CONFIRMATION
from people.models import (
    AccessRequest,
    DirectPublication,
    Invitation,
    QueuedMail,
    RepresentationRequest,
    ReviewState,
    TakeoverRequest,
    User,
)
from people.reuse.links import LINKS as REUSE_LINKS
from people.reuse.links import link_to
from projects.models import (
    Association,
    BodyIndexPage,
    BodyPage,
    CentralSolution,
    ContactRequest,
    Picture,
    Plan,
    RemovedPage,
    Reuse,
)
from search.models import OutboxEntry, Synonym
from tests.factories import (
    BodyPageFactory,
    DocumentFactory,
    OzgServiceFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    TagFactory,
    UserFactory,
    administrator,
    artefact,
    coordinator_of,
    editor_of,
    staff_member,
)
from tests.matching.records import issued, other
from tests.people.ageing import orphaned, signed_for
from tests.projects.office_files import picture

# In the name of whatever is not public; no other body's people may ever read it.
HIDDEN = "Vertrauliches-7431"

# In the name and the text of a plan that only members may read.
PLANNED = "Geplantes-8642"

# In the order of the table's columns.
ROLES = ("visitor", "stranger", "neighbour", "editor", "coordinator", "staff", "administrator")

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SNIPPET = re.compile(r"admin/snippets/(?:choose/)?(\w+)/(\w+)/")


class Stage:
    """A body with a project in every state, its files, people and requests, and another body beside it."""

    def __init__(self) -> None:
        contact = {"type": "contact", "value": {"name": "Amt", "role": "", "email": "amt@example.org", "phone": ""}}
        self.body: BodyPage = BodyPageFactory(about=json.dumps([contact]))
        self.other: BodyPage = BodyPageFactory()
        self.member: BodyPage = BodyPageFactory()
        self.people: dict[str, User | None] = {
            "visitor": None,
            "stranger": UserFactory(),
            "neighbour": editor_of(self.other),
            "editor": editor_of(self.body, first_name=HIDDEN, last_name="Person"),
            "coordinator": coordinator_of(self.body),
            "staff": staff_member(),
            "administrator": administrator(),
        }
        collection = self.body.team.collection
        QueuedMail.objects.create(sender="a@example.org", recipients=["b@example.org"], subject=HIDDEN)
        self.document = DocumentFactory(collection=collection)
        self.image = Picture(title="Bild", collection=collection)
        self.image.file.save("a.png", ImageFile(ContentFile(picture("PNG")), name="a.png"))
        self.project = ProjectPageFactory(
            parent=self.body, children={"artefacts": [artefact(file=self.document)]}, revised=True
        )
        self.draft = ProjectPageFactory(parent=self.body, live=False, title=f"{HIDDEN} Projekt")
        ProjectPageFactory(parent=self.body, live=False, title=f"{HIDDEN} Verworfenes").delete()
        DocumentFactory(title=f"{HIDDEN} Akte", collection=collection)
        hidden = Picture(title=f"{HIDDEN} Bild", collection=collection)
        hidden.file.save("b.png", ImageFile(ContentFile(picture("PNG")), name="b.png"))
        self.freshness = orphaned(self.project)
        self.plan = self._report_plan()
        self._plan_together()
        self._submit_draft()
        self._ask_for_everything()
        self.restriction = PageViewRestriction.objects.create(
            page=ProjectPageFactory(parent=self.body), restriction_type="password", password="x"
        )
        private = Collection.get_first_root_node().add_child(name="Vertraulich")
        self.private = CollectionViewRestriction.objects.create(
            collection=private, restriction_type="password", password="x"
        )
        self._fill_vocabularies()
        self._use_things()
        self._look_for_things()
        self.record = issued(self.project, matches=[other(title=f"{HIDDEN} Vorhaben")])
        self.values = self._values()

    def _report_plan(self) -> Plan:
        """What members read and visitors do not."""
        values = PlanValues(f"{PLANNED} Terminbuchung", f"{PLANNED} soll Wege sparen.", "ideen")
        coordinator = self.people["coordinator"]
        assert coordinator
        return report(self.body, values, coordinator).plan

    def _plan_together(self) -> None:
        """An alliance of the plan, published for members."""
        coordinator, neighbour = self.people["coordinator"], self.people["neighbour"]
        assert coordinator
        assert neighbour
        interest = partners.express_interest(self.plan.project, self.other, neighbour)
        alliance, _is_new = alliances.begin(partners.assure(interest, coordinator), coordinator)
        alliance.save_revision().publish()

    def _submit_draft(self) -> None:
        """The editor has asked for a check, and is at work on the page."""
        editor = self.people["editor"]
        self.workflow_state = self.draft.get_workflow().start(self.draft, editor)
        self.task_state = ReviewState.objects.get(workflow_state=self.workflow_state)
        self.session = EditingSession.objects.create(
            user=editor, content_object=self.draft, last_seen_at=timezone.now()
        )

    def _ask_for_everything(self) -> None:
        editor, neighbour, team = self.people["editor"], self.people["neighbour"], self.body.team
        municipality = self.body.municipality
        assert municipality
        assert neighbour
        self.invitation = Invitation.objects.create(team=team, email=f"{HIDDEN}@example.org", invited_by=editor)
        self.access = AccessRequest.objects.create(
            municipality=self.body.municipality,
            first_name="Erika",
            last_name=HIDDEN,
            function="Leitung",
            email="erika@example.org",
            waiting_since=timezone.now(),
        )
        self.representation = RepresentationRequest.objects.create(
            team=self.other.team, municipality=municipality, waiting_since=timezone.now()
        )
        team.acts_for.add(self.member)
        self.takeover = TakeoverRequest.objects.create(project=self.project, body=self.other, asked_by=neighbour)
        self.partnership = partners.express_interest(self.project, self.other, neighbour, HIDDEN)
        self.question = ContactRequest.objects.create(
            project=self.project, name=HIDDEN, email="frage@example.org", message=HIDDEN
        )
        self.publication = DirectPublication.objects.create(page=self.project, published_by=editor)

    def _fill_vocabularies(self) -> None:
        """One of each model that the admin lists, where the migrations have put none."""
        TagFactory()
        key = ServiceKeyFactory(service=OzgServiceFactory())
        assert key.service
        CentralSolution.objects.create(name="Wohngeld online", service=key.service, actor="Schleswig-Holstein")
        district = self.body.municipality.district  # type: ignore[union-attr]
        Association.objects.create(key="039010001", name="Testamt", full_name="Testamt", kind="Amt", district=district)
        Synonym.objects.get_or_create(words="kita, kindergarten")
        OutboxEntry.objects.get_or_create(page_id=self.project.pk)
        BarrierReport.objects.create(address="/", description="Zu klein", name=HIDDEN)
        Redirect.objects.create(old_path="/alt", redirect_link="/")

    def _use_things(self) -> None:
        """A member uses the project, its provider says; another body uses what only members may read about."""
        self.reuse = Reuse.objects.create(project=self.project, municipality=self.member.municipality)
        Reuse.objects.create(
            project=self.plan.project, municipality=self.other.municipality, confirmed_at=timezone.now()
        )

    def _look_for_things(self) -> None:
        """What an editor keeps, what many miss, and what of it staff have opened."""
        editor = self.people["editor"]
        assert editor
        self.search = SavedSearch.objects.create(user=editor, name=f"{HIDDEN} Suche", parameters="?q=Hund")
        self.demand = Demand.objects.create(title="Hundesteuer", query="hundesteuer")
        DemandSupport.objects.create(demand=self.demand, body=self.body)
        self.miss = SearchMiss.objects.create(digest="x", text=f"{HIDDEN} gesucht")

    def _values(self) -> dict[str, Any]:
        """What stands for a parameter, by its name, or by the beginning of the address and its name."""
        revision = self.draft.get_latest_revision().pk
        signed = signed_for(self.freshness, self.people["editor"])
        editor = self.people["editor"]
        assert editor
        return {
            "page_id": self.project.pk,
            "parent_page_id": self.body.pk,
            "page_to_move_id": self.project.pk,
            "destination_id": self.other.pk,
            "revision_id": revision,
            "admin/pages/<int:page_id>/revisions/ page_id": self.draft.pk,
            "admin/pages/workflow/ page_id": self.draft.pk,
            "admin/pages/<int:page_id>/workflow_history/ page_id": self.draft.pk,
            "workflow_state_id": self.workflow_state.pk,
            "task_state_id": self.task_state.pk,
            "task_id": self.task_state.task_id,
            "action_name": "approve",
            "admin/api/ pk": self.project.pk,
            "admin/api/ action_name": "publish",
            "admin/api/main/^documents/ pk": self.document.pk,
            "admin/api/main/^images/ pk": self.image.pk,
            "content_type_app_name": "projects",
            "content_type_model_name": "projectpage",
            "admin/pages/create/ app_label": "projects",
            "admin/pages/create/ model_name": "projectpage",
            "admin/tag-autocomplete/ app_name": "projects",
            "admin/tag-autocomplete/ model_name": "projecttag",
            "admin/collections/ pk": self.body.team.collection.pk,
            "collection_id": self.body.team.collection.pk,
            "admin/workflows/ pk": Workflow.objects.get(pk=self.workflow_state.workflow_id).pk,
            "admin/workflows/tasks/ pk": Task.objects.get(pk=self.task_state.task_id).pk,
            "admin/workflows/tasks/ app_label": "people",
            "admin/workflows/tasks/ model_name": "review",
            "page_pk": BodyIndexPage.objects.get().pk,
            "workflow_pk": self.workflow_state.workflow_id,
            "admin/editing-sessions/ app_label": "wagtailcore",
            "admin/editing-sessions/ model_name": "page",
            "object_id": self.draft.pk,
            "session_id": self.session.pk,
            "document_id": self.document.pk,
            "doc_id": self.document.pk,
            "admin/documents/ pk": self.document.pk,
            "image_id": self.image.pk,
            "admin/images/ pk": self.image.pk,
            "filter_spec": "width-20",
            "uploaded_file_id": 0,
            "admin/users/ pk": editor.pk,
            "admin/groups/ pk": self.body.team.group.pk,
            "admin/sites/ pk": Site.objects.get().pk,
            "redirect_id": Redirect.objects.get().pk,
            "admin/dateien/ kind": "document",
            "admin/dateien/ pk": self.document.pk,
            "admin/katalog/ catalogue": "ozgservice",
            "admin/geloescht/seite/ pk": RemovedPage.objects.get().pk,
            "admin/seitenschutz/ pk": BodyIndexPage.objects.get().pk,
            "admin/gebietsreform/ pk": self.body.municipality.pk,  # type: ignore[union-attr]
            "admin/aktualitaet/ pk": self.project.pk,
            "said": "stimmt",
            "admin/projekte/ pk": self.project.pk,
            "admin/stellen/ pk": self.body.pk,
            "body_pk": self.body.pk,
            "admin/uebernahme/ pk": self.takeover.pk,
            "admin/fragen/ pk": self.question.pk,
            "admin/mitarbeit/ pk": self.partnership.pk,
            "projekte/frage/ signed": ANSWERED.sign(self.question.pk),
            "admin/teams/ pk": self.body.pk,
            "admin/teams/<int:pk>/person/ number": editor.pk,
            "admin/teams/<int:pk>/einladung/ number": self.invitation.pk,
            "admin/teams/<int:pk>/vertretung/ number": self.member.pk,
            "admin/anfragen/zugang/ pk": self.access.pk,
            "admin/anfragen/vertretung/ pk": self.representation.pk,
            "admin/pruefung/ pk": self.task_state.pk,
            "admin/pruefung/stellen/ pk": self.body.team.pk,
            "admin/pruefung/direkt/ pk": self.publication.pk,
            "vorhaben/<int:pk>/pruefvermerk pk": self.project.pk,
            "vorhaben/<int:pk>/pruefvermerk/ number": self.record.pk,
            "pruefvermerk/ code": self.record.code,
            "kommunen-wie-wir/ pk": self.body.pk,
            "admin/vorhaben/ pk": self.plan.pk,
            "vorhaben/ pk": self.plan.project_id,
            "admin/bedarf/ pk": self.demand.pk,
            "admin/bedarf/suche/ pk": self.miss.pk,
            "bedarf/ pk": self.demand.pk,
            "merkliste/ pk": self.search.pk,
            "merkliste/projekt/ pk": self.project.pk,
            "abo/ signed": ALERT_LINKS.sign(Stream(editor, SIMILAR).link),
            "nachnutzung/ pk": self.reuse.pk,
            "nachnutzung/antwort/ signed": REUSE_LINKS.sign(link_to(self.reuse, editor)),
            "projekte/ number": self.project.pk,
            "kontakt/ number": self.body.pk,
            "kontakt/ key": self.body.about[0].value.key,
            "projekte/ level": "gemeinde",
            "projekte/ key": self.other.municipality.ars,  # type: ignore[union-attr]
            "konto/ pk": 0,
            "provider_id": "unbekannt",
            "signed": signed,
            "projekt-uebernehmen/ number": self.project.pk,
            "mitmachen/ level": "gemeinde",
            "mitmachen/ key": self.other.municipality.ars,  # type: ignore[union-attr]
            "artefakte/ number": self.project.artefacts.get().uuid,
            "code": "en",
            "restriction_id": self.private.pk,
            "page_view_restriction_id": self.restriction.pk,
            "_util/ page_id": self.restriction.page_id,
            "uidb64": "MQ",
            "token": "x-y",
        }

    def address(self, route: str) -> str:
        """The address of a route of the URL configuration, about the body's own things.

        Raises KeyError for a parameter nobody has said anything about.
        """
        if route in self.spelled:
            return self.spelled[route]
        filled = PARAMETER.sub(lambda match: str(self._value(route, match[1])), route)
        return "/" + filled.replace("^", "").replace("$", "")

    def _value(self, route: str, name: str) -> Any:
        longest = max(
            (key for key in self.values if key.endswith(f" {name}") and route.startswith(key.rpartition(" ")[0])),
            key=len,
            default=name,
        )
        if longest == name and (snippet := SNIPPET.match(route)):
            model = apps.get_model(snippet[1], snippet[2])
            found = model._default_manager.order_by("pk").first()
            assert found, f"There is no {snippet[2]} to try {route} with."
            return found.pk
        return self.values[longest]

    @property
    def spelled(self) -> dict[str, str]:
        """Addresses of routes that are expressions."""
        name, project = self.document.filename, self.project.pk
        invitation = INVITATION_LINKS.sign(token_for(self.invitation))
        compare = f"/admin/pages/{project}/revisions/compare/earliest...latest/"
        return {
            "^admin/password_reset/": "/admin/password_reset/",
            "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/": "/admin/bulk/wagtailcore/page/delete/"
            f"?id={project}",
            "admin/^.*/$": "/admin/gibt-es-nicht/",
            r"admin/pages/^(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\."
            r"(?P<revision_id_b>live|latest|\d+)/$": compare,
            r"konto/^e-mail/bestaetigen/(?P<key>[-:\w]+)/$": "/konto/e-mail/bestaetigen/x/",
            r"konto/^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "/konto/passwort/neu/1-x/",
            r"mitmachen/^bestaetigen/(?P<token>[-:\w]+)/$": "/mitmachen/bestaetigen/"
            f"{CONFIRMATION.sign(self.access.pk)}/",
            r"mitmachen/^einladung/(?P<token>[-:\w]+)/$": f"/mitmachen/einladung/{invitation}/",
            r"^dokumente/(\d+)/(.*)$": f"/dokumente/{self.document.pk}/{name}",
            r"dokumente/^(\d+)/(.*)$": f"/dokumente/{self.document.pk}/{name}",
            r"^media/(?P<name>images/[^/]+)$": self.image.get_rendition("width-20").url,
            r"^((?:[\w\-]+/)*)$": str(self.project.url),
        }

"""What only members may read leaves no trace for anybody else: no title, no text, no count, at no address."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from matching.alike.decisions import Answer, decide
from matching.demand.demands import close as close_demand
from matching.models import Alert, AlertKind, DecisionKind, Demand
from matching.plans import lifecycle as plans
from matching.plans.lifecycle import PlanValues
from pages.models import ReadablePageQuerySet
from people.cooperation import partners
from people.cooperation.contact import ask
from projects.models import BodyPage, ContactRequest, Partnership, ProjectPage
from search.engines import Engine
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, ProjectPageFactory, TagFactory, UserFactory, artefact, editor_of
from tests.matching.records import issued
from tests.matching.records import other as other_match
from tests.people.stage import PLANNED, Stage
from tests.people.test_role_table import Visit, routes

pytestmark = [
    pytest.mark.slow("opens every address, with and without a plan"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
]

OUTSIDERS = ("visitor", "stranger")
# They stand in the text and the title of the plan, and in nothing else.
WORDS = ("Terminbuchung", "Termin", "Wege sparen", "Terminbuchnug")
# Different with every answer, whatever there is to read.
FLEETING = re.compile(r'(name="(?:csrfmiddlewaretoken|opened)" value="|nonce=")[^"]+')
# Figures of the process itself, which counts every request.
OF_THE_PROCESS = {"metrics"}


@pytest.fixture
def stage(engine: Engine) -> Stage:
    found = Stage()
    found.touched = do_everything(found)  # type: ignore[attr-defined]
    drain()
    return found


def do_everything(stage: Stage) -> list[ProjectPage]:
    """All that a plan can bring about; returns the public projects of others it has to do with."""
    plan, owner, person = stage.plan.project, stage.people["neighbour"], stage.people["coordinator"]
    assert owner
    assert person
    kinds = [DecisionKind.JOIN, DecisionKind.JOIN, DecisionKind.REUSE, DecisionKind.WATCH, DecisionKind.ANYWAY]
    others = [ProjectPageFactory(parent=stage.other, phase="P4", title=f"Angebot {kind.name}") for kind in kinds]
    for other, kind in zip(others, kinds, strict=True):
        decide(plan, other, Answer(kind, f"{PLANNED} braucht es"), person)
    partners.assure(Partnership.objects.get(project=others[0]), owner)
    ask(ContactRequest(project=plan, name="Erika", email="erika@example.org", message=f"{PLANNED}?"))
    answered = Demand.objects.create(title="Termine", query="termine")
    close_demand(answered, plan, "")
    Alert.objects.create(
        user=owner, kind=AlertKind.SIMILAR, about="x", page=plan, own=others[0], sent_at=timezone.now()
    )
    issued(plan, matches=[other_match(title=PLANNED)])
    return others


def addresses(stage: Stage) -> Iterator[str]:
    """Every address without a parameter left open, and those where somebody looks for the plan."""
    for route in routes():
        yield stage.address(route)
    for word in WORDS:
        for path in ("/suche/", "/suche/vorschlaege/"):
            yield f"{path}?{urlencode({'q': word})}"
    project: ProjectPage = stage.plan.project
    for touched in stage.touched:  # type: ignore[attr-defined]
        yield from (touched.url, f"/projekte/{touched.pk}/nachnutzung/", f"/suche/?q={touched.title}")
    yield from ("/suche/abo.atom", stage.other.url, "/bedarf/", "/allianzen/")
    yield from ("/suche/?typ=projekt&phase=P1", "/suche/?typ=stelle", "/suche/?partner=ideen&sort=neu")
    yield from ("/", "/kommunen/", stage.body.url, f"/kommunen/?name={stage.body.title}", project.url)
    yield f"/_util/authenticate_with_password/{project.get_view_restrictions()[0].pk}/{project.pk}/"
    yield f"/projekt-uebernehmen/{project.pk}/"


@pytest.mark.parametrize("role", OUTSIDERS)
def test_the_body_of_a_plan_is_named_at_no_project_the_plan_is_about(stage: Stage, role: str) -> None:
    def naming(person: str) -> set[str]:
        visit, found = Visit(stage, person), set()
        for touched in stage.touched:  # type: ignore[attr-defined]
            for address in (touched.url, f"/projekte/{touched.pk}/nachnutzung/"):
                visit.ask("GET", address)
                assert visit.status == HTTPStatus.OK
                if f'href="{stage.body.url}"' in visit.text:
                    found.add(address)
        return found

    assert naming("neighbour")
    assert naming(role) == set()


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_read_the_same_whether_or_not_there_is_a_plan(stage: Stage, role: str) -> None:
    """Neither its words, nor a count, a facet, an order or an empty place tells of it."""
    visit = Visit(stage, role)
    told: list[str] = []
    asked = [address for address in addresses(stage) if address.strip("/") not in OF_THE_PROCESS]

    def answers() -> dict[str, str]:
        found = {}
        for address in asked:
            visit.ask("GET", address)
            if PLANNED in visit.text or (PLANNED.lower() in visit.text and visit.status < 300):
                told.append(address)
            if visit.status < 300:
                found[address] = FLEETING.sub(r"\1", visit.text)
        return found

    with_plan = answers()
    plans.withdraw(stage.plan.project, stage.people["coordinator"])  # type: ignore[arg-type]
    drain()
    without = answers()
    assert told == []
    assert [address for address in without if with_plan.get(address) != without[address]] == []
    assert len(without) > len(WORDS)


def test_members_see_the_difference(stage: Stage) -> None:
    """Else the tests above would hold for a plan that nobody can read."""
    visit = Visit(stage, "neighbour")
    for address in (stage.plan.project.url, "/suche/?q=Terminbuchung", "/vorhaben/"):
        visit.ask("GET", address)
        assert PLANNED in visit.text, address


# --- guessed numbers --------------------------------------------------------------------------------------------------

NOBODYS = 999_999
# All others have numbers of their own things, which may be the same by chance.
ABOUT_PAGES = re.compile(r"page|projekt|vorhaben|kontakt|aktualitaet|kommunen")


def guesses(stage: Stage, number: int) -> Iterator[str]:
    """Every address with the number of a page in it, filled with this one."""
    about_pages = [route for route in routes() if ABOUT_PAGES.search(route) and ("<int:" in route or "P<pk>" in route)]
    assert len(about_pages) > 50
    for route in about_pages:
        spelled = re.sub(r"\(\?P<pk>[^)]*\)", str(number), route.replace("^", "").replace("$", ""))
        spelled = re.sub(r"\(\?P<revision_id_a>.*", "earliest...latest/", spelled)
        spelled = re.sub(r"<int:\w+>", str(number), spelled)
        yield "/" + re.sub(r"<\w+:(\w+)>", lambda match: str(stage.values.get(match[1], "x")), spelled)
    yield f"/admin/bulk/wagtailcore/page/delete/?id={number}"
    yield f"/admin/choose-page/chosen-multiple/?id={number}"
    restriction = PageViewRestriction.objects.get(
        restriction_type=PageViewRestriction.LOGIN, page=stage.plan.project_id
    )
    yield f"/_util/authenticate_with_password/{restriction.pk}/{number}/"


def answers_to(stage: Stage, role: str, number: int) -> list[tuple[str, int, str, str]]:
    """What each address answers when it is asked and when something is sent, with its number left out."""
    visit, found = Visit(stage, role), []
    for address in guesses(stage, number):
        for method in ("GET", "POST"):
            visit.ask(method, address)
            # The page of what does not exist leads back to the address after the log-in.
            text = FLEETING.sub(r"\1", visit.text).replace(quote(address, safe=""), "").replace(address, "")
            spelled = f"{method} {address.replace(str(number), 'N')}"
            found.append((spelled, visit.status, visit.location.replace(str(number), "N"), text))
    return found


def differing(stage: Stage, role: str) -> list[str]:
    """Addresses that tell the plan's number from one that nothing has."""
    pairs = zip(answers_to(stage, role, stage.plan.project_id), answers_to(stage, role, NOBODYS), strict=True)
    compared = [(of_plan[0], of_plan[1:] == of_nothing[1:]) for of_plan, of_nothing in pairs]
    assert compared
    return [address for address, is_same in compared if not is_same]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_guessed_number_of_a_plan_answers_outsiders_like_a_page_that_does_not_exist(stage: Stage, role: str) -> None:
    assert differing(stage, role) == []


def test_a_guessed_number_of_a_withdrawn_plan_answers_members_like_a_page_that_does_not_exist(stage: Stage) -> None:
    plans.withdraw(stage.plan.project, stage.people["coordinator"])  # type: ignore[arg-type]
    assert differing(stage, "neighbour") == []


# --- what hangs on a plan ---------------------------------------------------------------------------------------------


@pytest.fixture
def body() -> BodyPage:
    body: BodyPage = BodyPageFactory()
    return body


def told(body: BodyPage) -> ProjectPage:
    """A plan with a result and a tag, as the editor makes it."""
    user = editor_of(body)
    project = plans.report(body, PlanValues(f"{PLANNED} Termine", "Problem.", "ideen"), user)
    project.artefacts.add(artefact(title=f"{PLANNED} Konzept"))
    project.tags.add(TagFactory(name=PLANNED))
    project.save_revision(user=user).publish()
    return ProjectPage.objects.get(pk=project.pk)


def test_result_of_a_plan_exists_for_members_only(client: Client, body: BodyPage) -> None:
    url = told(body).artefacts.get().get_absolute_url()
    assert client.get(url).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404
    client.force_login(editor_of(BodyPageFactory()))
    response = client.get(url)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_tag_and_words_of_a_plan_are_no_suggestion_and_no_facet(engine: Engine, client: Client, body: BodyPage) -> None:
    ProjectPageFactory(parent=body, title="Termine vor Ort")
    told(body)
    drain()
    assertNotContains(client.get("/suche/vorschlaege/", {"q": PLANNED[:6]}), PLANNED)
    response = client.get("/suche/", {"q": "Termine"})
    assert PLANNED not in response.content.decode()
    assert response.context["total"] == 1
    client.force_login(editor_of(BodyPageFactory()))
    response = client.get("/suche/", {"q": "Termine"})
    # The plan, its result and the public project.
    assert response.context["total"] == 3
    assert [hit.is_members_only for hit in response.context["hits"] if PLANNED in hit.title] == [True, True]
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))


def test_body_counts_only_what_visitors_can_read(client: Client, body: BodyPage) -> None:
    told(body)
    ProjectPageFactory(parent=body)
    assert BodyPage.objects.with_project_counts().get(pk=body.pk).project_count == 1
    assertNotContains(client.get(body.url), PLANNED)


def test_visitors_search_as_fast_as_before(engine: Engine, client: Client, body: BodyPage, settings: object) -> None:
    """A request without a session asks nothing about who is there, and its answer depends on no cookie."""
    told(body)
    drain()
    response = client.get("/suche/")
    assert response.status_code == 200
    assert not response.has_header("Vary") or "Cookie" not in response["Vary"]
    assert "no-store" not in response.get("Cache-Control", "")


def test_page_below_a_restricted_one_is_closed_as_well(body: BodyPage) -> None:
    project = ProjectPageFactory(parent=body)
    body.view_restrictions.create(restriction_type="login")
    readable = ReadablePageQuerySet(ProjectPage)
    assert not readable.readable().filter(pk=project.pk).exists()
    assert readable.readable_by_members().filter(pk=project.pk).exists()
    body.view_restrictions.create(restriction_type="password", password="x")
    assert not readable.readable_by_members().filter(pk=project.pk).exists()


def test_form_of_a_plan_is_for_members(client: Client) -> None:
    address = reverse("plan_report")
    assert client.get(address)["Location"].startswith("/konto/anmelden/?next=/vorhaben/melden/")
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403

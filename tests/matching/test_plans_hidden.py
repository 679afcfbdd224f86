"""What only members may read leaves no trace for anybody else: no title, no text, no count, at no address."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching import plans
from matching.decisions import Answer, decide
from matching.demand import close as close_demand
from matching.models import Alert, AlertKind, DecisionKind, Demand
from matching.plans import PlanValues
from pages.models import ReadablePageQuerySet
from people import partners
from people.contact import ask
from projects.models import BodyPage, ContactRequest, Partnership, ProjectPage
from search.engines import Engine
from search.outbox import drain
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
    yield from ("/suche/feed.atom", "/suche/abo.atom", "/sitemap.xml", stage.other.url, "/bedarf/")
    yield from ("/suche/?typ=projekt&phase=P1", "/suche/?typ=stelle", "/suche/?partner=ideen&sort=neu")
    yield from ("/", "/kommunen/", stage.body.url, f"/kommunen/?name={stage.body.title}", project.url)
    yield f"/_util/authenticate_with_password/{project.get_view_restrictions()[0].pk}/{project.pk}/"
    yield f"/projekt-uebernehmen/{project.pk}/"


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_address_tells_outsiders_of_a_plan(stage: Stage, role: str) -> None:
    visit, told = Visit(stage, role), []
    for address in addresses(stage):
        visit.ask("GET", address)
        if PLANNED in visit.text or (PLANNED.lower() in visit.text and visit.status < 300):
            told.append(address)
    assert told == []


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_read_the_same_whether_or_not_there_is_a_plan(stage: Stage, role: str) -> None:
    """So no count, no facet, no order and no empty place tells of it either."""
    visit = Visit(stage, role)
    asked = [address for address in addresses(stage) if address.strip("/") not in OF_THE_PROCESS]

    def answers() -> dict[str, str]:
        found = {}
        for address in asked:
            visit.ask("GET", address)
            if visit.status < 300:
                found[address] = FLEETING.sub(r"\1", visit.text)
        return found

    with_plan = answers()
    plans.withdraw(stage.plan.project, stage.people["coordinator"])  # type: ignore[arg-type]
    drain()
    without = answers()
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


def guesses(stage: Stage) -> Iterator[Callable[[int], str]]:
    """Every address with a number in it: one half each for a thing of the plan and for a number that nothing has."""
    numbered = [route for route in routes() if "<int:" in route or "<str:pk>" in route or "(?P<pk>" in route]
    for route in numbered:
        yield lambda number, route=route: filled(stage, route, number)
    yield lambda number: f"/admin/bulk/wagtailcore/page/delete/?id={number}"
    yield lambda number: f"/admin/choose-page/chosen-multiple/?id={number}"
    restriction = stage.plan.project.get_view_restrictions()[0].pk
    yield lambda number: f"/_util/authenticate_with_password/{restriction if number != NOBODYS else number}/{number}/"


def filled(stage: Stage, route: str, number: int) -> str:
    """The address with the number for all numbers in it."""
    spelled = route.replace("^", "").replace("$", "")
    spelled = re.sub(r"\(\?P<pk>[^)]*\)", str(number), spelled)
    spelled = re.sub(r"\(\?P<revision_id_a>[^)]*\)\\.\\.\\.\(\?P<revision_id_b>[^)]*\)", "earliest...latest", spelled)
    for kind, name in re.findall(r"<(\w+):(\w+)>", spelled):
        is_number = kind == "int" or name == "pk"
        value = str(number) if is_number else stage.address(f"<{kind}:{name}>" if name in stage.values else route)
        spelled = spelled.replace(f"<{kind}:{name}>", value.strip("/") if name in stage.values or is_number else "x")
    return f"/{spelled}"


def differences(stage: Stage, role: str, numbers: dict[str, int]) -> list[str]:
    """Addresses at which a number of the plan is answered unlike one that nothing has, by the name of the number."""
    visit, found = Visit(stage, role), []

    def answer(address: str, number: int) -> tuple[int, str, str]:
        visit.ask("GET", address)
        # The page of what does not exist leads back to the address after the log-in.
        text = FLEETING.sub(r"\1", visit.text).replace(quote(address, safe=""), "").replace(address, "")
        return visit.status, visit.location.replace(str(number), "N"), text

    for spell in guesses(stage):
        of_nothing = answer(spell(NOBODYS), NOBODYS)
        for name, number in numbers.items():
            if answer(spell(number), number) != of_nothing:
                found.append(f"{name}: {spell(number)}")
    return found


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_guessed_number_of_a_plan_answers_outsiders_like_a_page_that_does_not_exist(stage: Stage, role: str) -> None:
    assert differences(stage, role, {"page": stage.plan.project_id}) == []


def test_a_guessed_number_of_a_withdrawn_plan_answers_members_like_a_page_that_does_not_exist(stage: Stage) -> None:
    plans.withdraw(stage.plan.project, stage.people["coordinator"])  # type: ignore[arg-type]
    assert differences(stage, "neighbour", {"page": stage.plan.project_id}) == []


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
    assert PLANNED not in client.get("/suche/vorschlaege/", {"q": PLANNED[:6]}).content.decode()
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
    assert PLANNED not in client.get(body.url).content.decode()


def test_visitors_search_as_fast_as_before(engine: Engine, client: Client, body: BodyPage, settings: object) -> None:
    """A request without a session asks nothing about who is there, and its answer depends on no cookie."""
    told(body)
    drain()
    response = client.get("/suche/")
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

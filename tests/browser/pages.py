"""Every public page a visitor can meet, in one place: each rule of this folder is tried on all of them."""

from dataclasses import dataclass

BODY_PATH = "/kommunen/neuenkirchen/"
EMPTY_BODY_PATH = "/kommunen/noch-ohne-projekt/"
FULL_PROJECT_PATH = f"{BODY_PATH}maengelmelder/"
PLAN_PATH = f"{BODY_PATH}vorhaben/"
STOPPED_PATH = f"{BODY_PATH}parkplatzsensoren/"
FINISHED_PATH = f"{BODY_PATH}ratsinformation/"
ARTICLE_PATH = "/wissen/leitfaden/"
STANDARD_PATH = "/barrierefreiheit/"
FILE_ARTEFACT = "6f1c9f1e-0000-4000-8000-000000000001"
LINK_ARTEFACT = "6f1c9f1e-0000-4000-8000-000000000002"
EMPTY_ARTEFACT = "6f1c9f1e-0000-4000-8000-000000000003"
# Numbers far above those the database gives out.
COMPARED_BODY = 900_001
UNLIKE_BODY = 900_002
FEDERAL_BODY = 900_003
USED_PROJECT = 900_004
OPEN_DEMAND = 900_101
ANSWERED_DEMAND = 900_102
RECORD_CODE = "abcdefghjkmnpqrs"


@dataclass(frozen=True)
class PublicPage:
    """One page in one state. `template` is the file that extends a frame, below templates/."""

    name: str
    template: str
    path: str
    status: int = 200
    has_form_cookie: bool = False


PUBLIC_PAGES = (
    PublicPage("home", "knowledge/home_page.html", "/"),
    PublicPage("bodies", "projects/body_index_page.html", "/kommunen/"),
    PublicPage("bodies-none", "projects/body_index_page.html", "/kommunen/?name=gibtesnicht&land=01"),
    PublicPage("body", "projects/body_page.html", BODY_PATH),
    PublicPage("body-empty", "projects/body_page.html", EMPTY_BODY_PATH),
    PublicPage("project", "projects/project_page.html", FULL_PROJECT_PATH),
    PublicPage("project-plan", "projects/project_page.html", PLAN_PATH),
    PublicPage("project-stopped", "projects/project_page.html", STOPPED_PATH),
    PublicPage("project-finished", "projects/project_page.html", FINISHED_PATH),
    PublicPage("reuses", "projects/reuses.html", f"/projekte/{USED_PROJECT}/nachnutzung/"),
    PublicPage("central", "projects/central_solutions.html", "/zentrale-loesungen/"),
    PublicPage("alliance", "projects/alliance_page.html", f"{BODY_PATH}allianz/"),
    PublicPage("alliances", "people/alliances.html", "/allianzen/"),
    PublicPage("alliances-none", "people/alliances.html", "/allianzen/?land=01"),
    PublicPage("artefact-file", "projects/artefact.html", f"/artefakte/{FILE_ARTEFACT}/"),
    PublicPage("artefact-link", "projects/artefact.html", f"/artefakte/{LINK_ARTEFACT}/"),
    PublicPage("artefact-empty", "projects/artefact.html", f"/artefakte/{EMPTY_ARTEFACT}/"),
    PublicPage("peers", "matching/peers.html", f"/kommunen-wie-wir/{COMPARED_BODY}/"),
    PublicPage("peers-none", "matching/peers.html", f"/kommunen-wie-wir/{UNLIKE_BODY}/?land=eigenes"),
    PublicPage("peers-impossible", "matching/peers.html", f"/kommunen-wie-wir/{FEDERAL_BODY}/"),
    PublicPage("demands", "matching/demand_list.html", "/bedarf/"),
    PublicPage("demand", "matching/demand.html", f"/bedarf/{OPEN_DEMAND}/"),
    PublicPage("demand-answered", "matching/demand.html", f"/bedarf/{ANSWERED_DEMAND}/"),
    PublicPage("figures", "matching/figures.html", "/vermiedene-doppelarbeit/"),
    PublicPage("record-confirmed", "matching/record_confirmed.html", f"/pruefvermerk/{RECORD_CODE}/"),
    PublicPage("articles", "knowledge/knowledge_index_page.html", "/wissen/"),
    PublicPage("article", "knowledge/article_page.html", ARTICLE_PATH),
    PublicPage("text", "knowledge/standard_page.html", STANDARD_PATH),
    PublicPage("search", "search/search.html", "/suche/"),
    PublicPage("search-page-two", "search/search.html", "/suche/?seite=2&sort=titel"),
    PublicPage("search-filtered", "search/search.html", "/suche/?q=Mangel&typ=projekt&typ=artefakt&phase=P4&land=03"),
    PublicPage("search-corrected", "search/search.html", "/suche/?q=Mängelmeldr&gibt=esnicht&phase=P99"),
    PublicPage("search-none", "search/search.html", "/suche/?q=Quastenflosser&phase=P1"),
    PublicPage("search-place", "search/search.html", "/suche/?q=Mangel+Neuenkirchen"),
    PublicPage("search-place-ignored", "search/search.html", "/suche/?q=Mangel+Neuenkirchen&ort=egal&land=03"),
    PublicPage("search-fallback", "search/search.html", "/fehler/ersatz/?q=Mangel"),
    PublicPage("search-outage", "search/search.html", "/fehler/suche/"),
    PublicPage("search-explained", "search/explain.html", "/fehler/warum/?q=Mangel+Neuenkirchen"),
    PublicPage("barrier", "knowledge/barrier_report.html", "/barriere-melden/?seite=/wissen/", has_form_cookie=True),
    PublicPage("barrier-thanks", "knowledge/barrier_report_done.html", "/barriere-melden/danke/"),
    PublicPage("fault-400", "400.html", "/fehler/400/", status=400),
    PublicPage("fault-403", "403.html", "/fehler/403/", status=403),
    PublicPage("fault-form", "403_csrf.html", "/fehler/formular/", status=403),
    PublicPage("fault-404", "404.html", "/gibt-es-nicht/", status=404),
    PublicPage("fault-409", "409.html", "/fehler/409/", status=409),
    PublicPage("fault-500", "500.html", "/fehler/500/", status=500),
    PublicPage("fault-503", "503.html", "/fehler/503/", status=503),
    PublicPage("fault-database", "503_database.html", "/fehler/datenbank/", status=503),
    PublicPage("fault-unknown", "503_unknown.html", "/fehler/ungewiss/", status=503),
)

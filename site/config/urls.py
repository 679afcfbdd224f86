"""Every address of the site; what stands before Wagtail's own is served by a view."""

from django.conf import settings
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.health import metrics, readyz
from config.images import favicon, serve_rendition
from config.language import choose_language
from knowledge.views import barrier_reported, report_barrier
from people.admin_site.admin_overrides import urlpatterns as closed_doors
from people.cooperation.alliance_views import overview as alliances
from people.freshness.takeover_views import offer as offer_takeover
from projects.central_views import central_solutions
from projects.files.serving import serve_document
from projects.views import artefact

urlpatterns = [
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    *closed_doors,
    path("admin/", include(wagtailadmin_urls)),
    path("konto/", include("people.urls")),
    path("mitmachen/", include("people.joining.urls")),
    path("aktuell/", include("people.freshness.urls")),
    path("projekte/", include("people.cooperation.contact_urls")),
    path("kontakt/", include("people.cooperation.page_contact_urls")),
    path("", include("people.reuse.urls")),
    path("zentrale-loesungen/", central_solutions, name="central_solutions"),
    path("allianzen/", alliances, name="alliances"),
    path("projekt-uebernehmen/<int:number>/", offer_takeover, name="offer_takeover"),
    re_path(r"^dokumente/(\d+)/(.*)$", serve_document, name="document"),
    path("dokumente/", include(wagtaildocs_urls)),
    re_path(rf"^{settings.MEDIA_URL[1:]}(?P<name>images/[^/]+)$", serve_rendition, name="rendition"),
    path("", include("matching.figures.urls")),
    path("", include("matching.figures.peers_urls")),
    path("", include("matching.records.urls")),
    path("", include("matching.records.council_urls")),
    path("sprache/<str:code>/", choose_language, name="choose_language"),
    path("", include("matching.alerts.urls")),
    path("", include("matching.alerts.saved_urls")),
    path("bedarf/", include("matching.demand.urls")),
    path("suche/", include("search.urls")),
    path("vorhaben/", include("matching.reporting.urls")),
    path("vorhaben/", include("matching.reporting.decision_urls")),
    path("artefakte/<uuid:number>/", artefact, name="artefact"),
    path("barriere-melden/", report_barrier, name="barrier_report"),
    path("barriere-melden/danke/", barrier_reported, name="barrier_reported"),
    path("favicon.ico", favicon, name="favicon"),
    path("", include(wagtail_urls)),
]

"""Serves resized pictures; uploads as such are never served, they may carry more than meets the eye."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.views.static import serve

# A rendition's name changes with its content, so a browser may keep it.
KEEP_SECONDS = 30 * 24 * 3600


def serve_rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file of the renditions' folder. Raises Http404 if there is none."""
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    response.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}"
    return response


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Browsers ask for this address unbidden; the file's name in production carries its hash."""
    return HttpResponseRedirect(static("img/favicon.svg"))

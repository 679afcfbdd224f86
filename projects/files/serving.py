"""Who may fetch a file: everyone while a readable page refers to it, otherwise only those who may edit it; and how."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.documents.views.serve import serve
from wagtail.models import Page, ReferenceIndex

from pages.access import may_read
from pages.models import ReadablePageQuerySet
from projects.files.rights import hands_out, may_choose
from projects.models.scanned import ScanState

INLINE = "inline"
# A file is no page of ours: it loads nothing, runs nothing and is nobody's frame.
FILE_POLICY = "default-src 'none'; frame-ancestors 'self'; sandbox"
# Browsers do not show a PDF in a sandbox; their viewers run apart from our pages.
VIEWED_POLICY = "default-src 'none'; frame-ancestors 'self'"


def serve_document(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    """The file itself, to be saved rather than shown unless it is a PDF. Raises Http404 for who may not have it."""
    response: HttpResponseBase = serve(request, number, name)
    shown = response.headers.get("Content-Disposition", "").startswith(INLINE)
    response.headers["Content-Security-Policy"] = VIEWED_POLICY if shown else FILE_POLICY
    # Asked for anew each time: what is withdrawn must not come out of a cache.
    response.headers["Cache-Control"] = "no-cache"
    return response


def pages_referring_to(document: Any) -> ReadablePageQuerySet:
    """The pages that use the file, in an artefact, a block or a text, whatever their state."""
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to(document).filter(base_content_type=page_type)
    page_ids = {int(pk) for pk in references.values_list("object_id", flat=True)}
    return ReadablePageQuerySet(Page).filter(pk__in=page_ids)


def is_referred_to_by_readable_page(document: Any) -> bool:
    """True if a live page without view restriction uses the file, and may hand it out."""
    return any(hands_out(page, document) for page in pages_referring_to(document).readable())


def is_referred_to_by_page_of_members(document: Any, request: HttpRequest) -> bool:
    """True if a live page that whoever asks may read behind its restriction uses the file, and may hand it out."""
    pages = pages_referring_to(document).readable_by_members()
    return any(may_read(page, request) and hands_out(page, document) for page in pages)


def may_fetch(document: Any, request: HttpRequest) -> bool:
    """The rule for one request; Wagtail has already checked the collection's own restriction.

    With a virus scanner, the public gets only what it has found clean, and nobody gets what it has found harmful.
    """
    if document.scan_state == ScanState.INFECTED:
        return False
    if document.is_harmless and is_referred_to_by_readable_page(document):
        return True
    if not request.user.is_authenticated:
        return False
    is_shown_to_them = document.is_harmless and is_referred_to_by_page_of_members(document, request)
    return is_shown_to_them or may_choose(request.user, document)

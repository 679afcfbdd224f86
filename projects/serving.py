"""Who may fetch a file: everyone while a readable page refers to it, otherwise only those who may edit it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry


def is_referred_to_by_readable_page(document: Any) -> bool:
    """True if a live page without view restriction uses the file, in an artefact, a block or a text."""
    page_type = ContentType.objects.get_for_model(Page)
    page_ids = ReferenceIndex.get_references_to(document).filter(base_content_type=page_type).values_list("object_id")
    return Page.objects.live().public().filter(pk__in=[int(pk) for (pk,) in page_ids]).exists()


def may_fetch(document: Any, request: HttpRequest) -> bool:
    """The rule for one request; Wagtail has already checked the collection's own restriction."""
    if is_referred_to_by_readable_page(document):
        return True
    user = request.user
    return user.is_authenticated and policy_registry.get_by_type(type(document)).user_has_any_permission_for_instance(
        user, ["change", "choose"], document
    )

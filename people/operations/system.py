"""The page that tells staff and operators how the platform is: each app adds a section, bad news are marked.

An app offers a section with the hook `register_system_sections`, whose receivers return a Section; they answer quickly
and raise nothing that an absent service could cause. Must not know what the sections say.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail import hooks

from people.rights import is_staff

HOOK = "register_system_sections"


class Health(StrEnum):
    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"

    @property
    def label(self) -> Any:
        return {Health.GOOD: _("In order"), Health.NOTICE: _("Note"), Health.BAD: _("Needs attention")}[self]


@dataclass(frozen=True)
class Fact:
    """One line: what it is, how it stands, and what to do about it; `url` leads to where it can be done."""

    label: Any
    value: Any
    health: Health = Health.GOOD
    advice: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Section:
    heading: Any
    facts: list[Fact] = field(default_factory=list)


def sections() -> list[Section]:
    return [offer() for offer in hooks.get_hooks(HOOK)]


@never_cache
def system(request: HttpRequest) -> HttpResponse:
    """How the platform is, for staff and administrators."""
    if not is_staff(request.user):
        raise PermissionDenied
    found = sections()
    troubled = [fact for section in found for fact in section.facts if fact.health == Health.BAD]
    return render(request, "people/admin/system.html", {"sections": found, "troubled": troubled})

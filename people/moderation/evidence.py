"""What can be looked up beside the questions of the check-list. It helps to decide, and decides nothing itself."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from people.models import CheckItem, Evidence, User
from people.moderation.content import Entry
from projects.editor.completeness import completeness
from projects.models import ProjectPage

# Shorter titles say as good as nothing, such as "App".
SHORT_TITLE = 10
NAMESAKES_SHOWN = 5
# An address in a text; that it can be written to is not the question here.
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Digits with the signs people put between them, beginning as German numbers do; dates and keys are shorter or begin
# otherwise.
TELEPHONE = re.compile(r"(?<![\d.])(?:\+49|0[1-9])[\d /()-]{6,18}\d(?!\d)")
# There an address is meant to be read by everybody.
CONTACT = "contact_"


@dataclass(frozen=True)
class Finding:
    """One sentence, whether it asks for attention, and where more can be seen."""

    text: str
    is_warning: bool = False
    url: str = ""


def findings(item: CheckItem, page: Page, entries: Sequence[Entry]) -> list[Finding]:
    """What is known about the question; empty if nothing is looked up, or if the page has none of it."""
    look = LOOKED_UP.get(Evidence(item.evidence))
    return look(page, entries) if look else []


def _title(page: Page, entries: Sequence[Entry]) -> list[Finding]:
    length = len(page.title)
    count = ngettext("The title has one character.", "The title has %(count)d characters.", length) % {"count": length}
    found = [Finding(count, is_warning=length < SHORT_TITLE)]
    if not getattr(page, "summary", ""):
        found.append(Finding(_("There is no short text."), is_warning=True))
    same = Page.objects.filter(title__iexact=page.title, live=True).exclude(pk=page.pk)
    for other in same[:NAMESAKES_SHOWN]:
        place = other.get_parent().title
        text = _("The same title: %(title)s (%(place)s)") % {"title": other.title, "place": place}
        found.append(Finding(text, is_warning=True, url=reverse("wagtailadmin_pages:edit", args=[other.pk])))
    return found


def _completeness(page: Page, entries: Sequence[Entry]) -> list[Finding]:
    if not isinstance(page, ProjectPage):
        return []
    state = completeness(page)
    filled = _("The entry is filled in to %(percent)d percent.") % {"percent": state.percent}
    return [Finding(filled), *(Finding(str(rule.missing), is_warning=True) for rule in state.missing)]


def _licence(page: Page, entries: Sequence[Entry]) -> list[Finding]:
    if not isinstance(page, ProjectPage):
        return []
    if page.text_licence:
        found = [Finding(_("Text: %(licence)s") % {"licence": page.text_licence})]
    else:
        found = [Finding(_("The text has no licence."), is_warning=True)]
    for artefact in page.artefacts.all():
        values = {"title": artefact.title, "licence": artefact.licence}
        if artefact.licence:
            found.append(Finding(_("%(title)s: %(licence)s") % values))
        else:
            found.append(Finding(_("“%(title)s” has no licence.") % values, is_warning=True))
    return found


def _contact(page: Page, entries: Sequence[Entry]) -> list[Finding]:
    if not isinstance(page, ProjectPage):
        return []
    given = [page.contact_name, page.contact_email, page.contact_phone]
    if not (page.contact_email or page.contact_phone):
        return [Finding(_("There is neither an e-mail address nor a telephone number."), is_warning=True)]
    found = [Finding(" · ".join(part for part in given if part))]
    if page.contact_email and User.objects.filter(email__iexact=page.contact_email, is_active=True).exists():
        found.append(Finding(_("An account of the platform has this address.")))
    elif page.contact_email:
        found.append(Finding(_("No account has this address: it may be a shared mailbox, or mistyped.")))
    return found


def _personal_data(page: Page, entries: Sequence[Entry]) -> list[Finding]:
    found = []
    for entry in entries:
        if entry.path.startswith(CONTACT):
            continue
        for seen in dict.fromkeys([*ADDRESS.findall(entry.text), *TELEPHONE.findall(entry.text)]):
            text = _("%(field)s: %(found)s") % {"field": entry.label, "found": seen.strip()}
            found.append(Finding(text, is_warning=True))
    return found or [Finding(_("No addresses or telephone numbers in the texts. Names cannot be found like this."))]


# Similar projects are found by the search, which the template asks.
LOOKED_UP: dict[Evidence, Callable[[Any, Sequence[Entry]], list[Finding]]] = {
    Evidence.TITLE: _title,
    Evidence.COMPLETENESS: _completeness,
    Evidence.LICENCE: _licence,
    Evidence.CONTACT: _contact,
    Evidence.PERSONAL_DATA: _personal_data,
}

"""The virus check and the people: the worker checks what is due, and whoever uploaded something harmful is told."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static

from people.mail.letters import write
from people.models import Team, User
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from people.operations.system import HOOK as SYSTEM_HOOK
from people.operations.system import Fact, Health, Section
from people.rights import STAFF_GROUP
from projects.models import BodyDocument
from projects.uploads import scanner, scanning
from projects.uploads.scanner import ScannerError

# A file that waits keeps somebody from publishing.
SCAN_EVERY = timedelta(minutes=1)


@hooks.register(JOBS_HOOK)
def offer_scanning() -> list[Job]:
    return [Job("scan_files", _("Check uploaded files for viruses"), SCAN_EVERY, scanning.scan_due)]


@hooks.register("get_avatar_url")
def no_portraits(user: User, size: int) -> str:
    """Nobody can upload a portrait; what was uploaded once is not shown either."""
    return str(versioned_static("wagtailadmin/images/default-user-avatar.png"))


@receiver(scanning.harm_found)
def tell_about_harm(file: Any, **kwargs: Any) -> None:
    """To whoever uploaded it, the coordinators of the body and the staff: the file is not handed out any more."""
    kind = "document" if isinstance(file, BodyDocument) else "image"
    team = Team.objects.filter(collection=file.collection_id).first()
    people = User.objects.filter(groups__name=STAFF_GROUP, is_active=True)
    if team is not None:
        people |= User.objects.filter(coordinated_teams=team, is_active=True)
    addresses = {user.email for user in people}
    if file.uploaded_by_user is not None and file.uploaded_by_user.is_active:
        addresses.add(file.uploaded_by_user.email)
    path = reverse("check_file", args=[kind, file.pk])
    write("file_harmful", addresses, {"file": file, "url": f"{settings.BASE_URL}{path}"})


@hooks.register(SYSTEM_HOOK, order=85)
def uploads() -> Section:
    """Whether files are checked, and what was found."""
    counted = scanning.figures()
    url = reverse("unchecked_files")
    harmful = Fact(_("Harmful files"), counted["infected"], Health.BAD if counted["infected"] else Health.GOOD, url=url)
    if not scanner.is_configured():
        advice = _("Files are published without having been checked. CLAMD_URL names a scanner.")
        return Section(_("Uploaded files"), [Fact(_("Virus scanner"), _("none"), Health.NOTICE, advice), harmful])
    waiting = Fact(_("Files that wait to be checked"), counted["unknown"], url=url)
    return Section(_("Uploaded files"), [_scanner(), waiting, harmful])


def _scanner() -> Fact:
    try:
        return Fact(_("Virus scanner"), scanner.version())
    except ScannerError as error:
        advice = _("No page with a new file can be published until it answers: %(error)s") % {"error": error}
        return Fact(_("Virus scanner"), _("does not answer"), Health.BAD, advice)

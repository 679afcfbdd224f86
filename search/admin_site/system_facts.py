"""What the search says on the system page: who answers, what waits, when the index was built, what is missing."""

from django.conf import settings
from django.db.models import Min
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from people.operations.system import Fact, Health, Section
from search.admin_site.outbox_views import OutboxViewSet
from search.engines import EngineError, get_engine
from search.engines.deadline import deadline
from search.engines.guard import state_of_search
from search.indexing.meaning import pending
from search.models import IN_USE, IndexCheck, OutboxEntry
from search.semantic import encoder

# The page is for looking at what is broken: an engine that hangs must not keep it.
ANSWER_SECONDS = 1.0
ANSWERS = {
    "ok": (_("it answers"), Health.GOOD),
    "degraded": (_("does not answer; the fall-back does"), Health.BAD),
    "unreachable": (_("does not answer; visitors see a plain list"), Health.BAD),
}


def search() -> Section:
    facts = [_engine(), _documents(), *_outbox(), *_index(), _meaning()]
    return Section(_("Search"), facts)


def _engine() -> Fact:
    value, health = ANSWERS[state_of_search()]
    return Fact(_("Search engine"), value, health)


def _documents() -> Fact:
    try:
        with deadline(ANSWER_SECONDS):
            return Fact(_("Documents in the index"), get_engine().count(audience="members"))
    except EngineError as error:
        return Fact(_("Documents in the index"), _("not known"), Health.NOTICE, str(error))


def _outbox() -> list[Fact]:
    everything = reverse(OutboxViewSet().get_url_name("list"))
    oldest = OutboxEntry.objects.pending().aggregate(oldest=Min("changed_at"))["oldest"]
    waiting, given_up = OutboxEntry.objects.pending().count(), OutboxEntry.objects.given_up().count()
    value = _("%(count)d, the oldest for %(time)s") % {"count": waiting, "time": timesince(oldest)} if oldest else 0
    return [
        Fact(_("Changes that wait for the index"), value, url=everything),
        Fact(
            _("Changes given up"), given_up, Health.BAD if given_up else Health.GOOD, url=f"{everything}?state=given_up"
        ),
    ]


def _index() -> list[Fact]:
    check = IndexCheck.objects.filter(index=IN_USE).first()
    built, compared = (check.built_at, check.compared_at) if check else (None, None)
    facts = [Fact(_("Index built"), _moment(built)), Fact(_("Compared with the database"), _moment(compared))]
    if check and check.compared_at and check.differed:
        facts.append(Fact(_("Pages that differed and were repaired"), check.differed, Health.NOTICE))
    return facts


def _moment(moment: object) -> object:
    return date(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else _("not known")  # type: ignore[arg-type]


def _meaning() -> Fact:
    """The model is wanted unless SEARCH_MEANING says otherwise; without it words alone count."""
    if missing := encoder.reason_missing():
        is_wanted = settings.SEARCH_MEANING != encoder.OFF
        advice = _("Similar projects in other words are not found.")
        return Fact(_("Search by meaning"), missing, Health.BAD if is_wanted else Health.NOTICE, advice)
    return Fact(_("Search by meaning"), _("works; %(count)d texts wait") % {"count": pending()})

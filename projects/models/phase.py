"""How far a project is, how open, and why it was given up: the words of the road map for smart-city projects."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """Phases after the KTS scaling road map (skalierung.smart-city-dialog.de), plus the two ways to end."""

    IDEA = "P1", _("Finding ideas")
    CONCEPT = "P2", _("Concept and prototype")
    PILOT = "P3", _("Pilot")
    OPERATION = "P4", _("Permanent operation")
    TRANSFER = "P5", _("Transfer")
    COMPLETED = "abgeschlossen", _("Completed")
    DISCONTINUED = "nicht_weiterverfolgt", _("Not pursued further")


# The five that follow one another; the stepper of a project page shows these.
ROAD_MAP = (Phase.IDEA, Phase.CONCEPT, Phase.PILOT, Phase.OPERATION, Phase.TRANSFER)
PLANNED = (Phase.IDEA, Phase.CONCEPT)
# What runs, or has run: there is something to look at.
RUNNING = (Phase.OPERATION, Phase.TRANSFER, Phase.COMPLETED)


class StopReason(models.TextChoices):
    LAW = "recht", _("Law")
    COST = "kosten", _("Cost")
    TECHNOLOGY = "technik", _("Technology")
    ACCEPTANCE = "akzeptanz", _("Acceptance")
    OTHER = "sonstiges", _("Other")


class Openness(models.TextChoices):
    """How open a plan is for others; the value is what the search address carries as `partner`."""

    PARTNERS = "gesucht", _("Looking for partners")
    IDEAS = "ideen", _("Sharing ideas")
    ALONE = "allein", _("We develop it alone")


class ContactPromise(models.TextChoices):
    INFORMATION = "auskunft", _("Information")
    MENTORING = "mentoring", _("Mentoring")
    DOCUMENTS = "dokumente", _("Documents only")

    @property
    def sentence(self) -> Promise:
        """What it means for whoever asks."""
        sentences = {
            ContactPromise.INFORMATION: _("We answer questions about the project."),
            ContactPromise.MENTORING: _("We accompany you while you take the project over."),
            ContactPromise.DOCUMENTS: _("The documents speak for themselves; we have no time for advice."),
        }
        return sentences[self]


class Conformity(models.TextChoices):
    YES = "yes", _("Conforms")
    PARTLY = "partly", _("Conforms in part")
    NO = "no", _("Does not conform")
    UNKNOWN = "unknown", _("Not examined")

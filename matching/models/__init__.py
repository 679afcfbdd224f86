"""What follows from two projects being alike: who decided what, and who wants to hear of it."""

from matching.models.alert import Alert, AlertKind, AlertSettings, Event, Rhythm, SeenProject
from matching.models.catalogue import CatalogueLookup, ReuseCatalogue
from matching.models.decision import DecisionKind, OverlapDecision
from matching.models.demand import Demand, DemandSupport, SearchMiss, SearchMissDay
from matching.models.record import CheckRecord
from matching.models.saved import SavedSearch
from matching.models.watch import Watch

__all__ = [
    "Alert",
    "AlertKind",
    "AlertSettings",
    "CatalogueLookup",
    "CheckRecord",
    "DecisionKind",
    "Demand",
    "DemandSupport",
    "Event",
    "OverlapDecision",
    "ReuseCatalogue",
    "Rhythm",
    "SavedSearch",
    "SearchMiss",
    "SearchMissDay",
    "SeenProject",
    "Watch",
]

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    """Why the platform exists: who plans or runs the same is found while it is planned, told, and brought together."""

    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from matching.demand import misses as demand_misses  # noqa: F401  (connects the receivers)
        from people.rights import STAFF_MODELS

        STAFF_MODELS[self.label] = {"reusecatalogue": "add change delete view"}

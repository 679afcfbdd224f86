from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# The staff edit synonyms; what waits for the index they only look at.
STAFF_RIGHTS = {"synonym": "add change delete view", "outboxentry": "view"}


class SearchConfig(AppConfig):
    """How a page becomes a hit; see the flow in docs/architecture.md."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from people.rights import STAFF_MODELS
        from search import checks  # noqa: F401  (registers the checks, connects the receivers)
        from search.indexing import receivers as events  # noqa: F401  (registers the checks, connects the receivers)

        STAFF_MODELS[self.label] = STAFF_RIGHTS

"""What apps above the search may listen to. Receivers must be quick: the visitor waits for them."""

from django.dispatch import Signal

# A search page was answered. Arguments: request, parameters (SearchParameters), total, is_by_meaning.
searched = Signal()

"""Which lists of the admin nobody chooses from."""

from django.urls import URLPattern
from wagtail.snippets.views.chooser import SnippetChooserViewSet


class NoChooserViewSet(SnippetChooserViewSet):
    """For a model that no form refers to: Wagtail would let everybody in the admin read the list by its chooser."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return []

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who acts on the platform: accounts, and the rights each body's people have in its part of the page tree."""

    name = "people"

    def ready(self) -> None:
        from people import checks, receivers  # noqa: F401  (registers the checks, connects the receivers)

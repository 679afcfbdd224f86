from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Who did what and what can be reused: register, bodies, projects, artefacts, vocabularies."""

    name = "projects"

    def ready(self) -> None:
        from projects import checks, receivers  # noqa: F401  (registers the checks, connects the receivers)
        from projects.removal.page_removal import keep_what_is_deleted

        keep_what_is_deleted()

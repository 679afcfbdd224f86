from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Who did what and what can be reused: register, bodies, projects, artefacts, vocabularies."""

    name = "projects"

    def ready(self) -> None:
        from projects import signals  # noqa: F401  (connects the receivers)

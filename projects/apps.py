from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Who did what and what can be reused: register, bodies, projects, artefacts, vocabularies."""

    name = "projects"

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """The staff's room: home page, guides, experience reports and the pages the law asks for."""

    name = "knowledge"

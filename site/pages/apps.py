from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What every page is made of: the abstract base page and the StreamField blocks."""

    name = "pages"

    def ready(self) -> None:
        from pages.choosers import read_keys_with_care
        from pages.exports import make_exports_harmless
        from pages.typed import use_in_admin

        use_in_admin()
        make_exports_harmless()
        read_keys_with_care()

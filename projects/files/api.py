"""The admin's API of files: Wagtail shows everybody in the admin the files of all; we show those one may choose."""

from typing import Any

from django.db.models import QuerySet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from projects.files.rights import choosable


class _ChoosableFiles:
    """What the person may put into a page, or change."""

    model: Any
    request: Any

    def get_queryset(self) -> QuerySet[Any]:
        return choosable(self.request.user, self.model).order_by("pk")


class OwnDocumentsAPIViewSet(_ChoosableFiles, DocumentsAdminAPIViewSet):
    pass


class OwnImagesAPIViewSet(_ChoosableFiles, ImagesAdminAPIViewSet):
    pass


def show_own_files(router: WagtailAPIRouter) -> None:
    """Receiver of `construct_admin_api`, after Wagtail's own."""
    router.register_endpoint("documents", OwnDocumentsAPIViewSet)
    router.register_endpoint("images", OwnImagesAPIViewSet)

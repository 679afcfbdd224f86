"""Entries of the admin's menu for the staff alone."""

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

from people.rights import is_staff


class StaffMenuItem(MenuItem):
    """Leads to a room of the centre's staff; nobody else sees it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_staff(request.user)

"""A strict Content-Security-Policy for readers, a looser one for Wagtail's admin."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pages.routes import is_in_admin


class PublicOrAdminCSPMiddleware(CSPMiddleware):
    """Chooses the policy by path: below /admin/ Wagtail's inline scripts must run, nowhere else."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if is_in_admin(request):
            response._csp_config = settings.CONTENT_SECURITY_POLICY_ADMIN["DIRECTIVES"]  # type: ignore[attr-defined]
        return super().process_response(request, response)

"""What a request is routed to: rules that go by the address ask for this, never for `request.path`.

`request.path` begins with what a server or a header says the site is mounted below (`SCRIPT_NAME`); only the rest is
routed. The site is never mounted below anything. Must not know who asks.
"""

from django.http import HttpRequest

ADMIN_PREFIX = "/admin/"
# In the log, for an address that leads nowhere: what was typed there may be anything.
NO_ROUTE = "-"


def routed(request: HttpRequest) -> str:
    """The path that chooses the view."""
    return str(request.path_info)


def is_in_admin(request: HttpRequest) -> bool:
    return routed(request).startswith(ADMIN_PREFIX)


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, such as `mitmachen/bestaetigen/<str:token>/`: what stands in the addresses themselves
    may be a key. NO_ROUTE as long as no view was chosen."""
    match = request.resolver_match
    return str(match.route) if match else NO_ROUTE

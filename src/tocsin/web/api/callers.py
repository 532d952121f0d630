"""Who calls, and whether they may: `Authorization: Bearer TOKEN`."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from tocsin.accounts.access import Role
from tocsin.accounts.tokens import Caller, caller
from tocsin.catalog.memberships import access_of
from tocsin.web.scope import enter, require


class Bearer(HttpBearer):
    """Lets callers in whose role, where they call, is at least `needed`; ninja keeps who it is as `request.auth`."""

    def __init__(self, needed: Role) -> None:
        super().__init__()
        self.needed = needed

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller; None is answered with 401. Raises Http404 for what they may not see, PermissionDenied for what not do."""
        found = caller(token, timezone.now())
        if found is None:
            return None
        request.user = found.user
        enter(request, found.user, access_of(found.user, found.scope))
        require(request, self.needed)
        return found


TO_READ = Bearer(Role.VIEWER)
TO_RESPOND = Bearer(Role.RESPONDER)
TO_MANAGE = Bearer(Role.MANAGER)


def who(request: HttpRequest) -> Caller:
    """The caller of a request that has been let in."""
    found: Caller = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return found

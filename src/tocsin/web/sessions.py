"""Sessions that nobody uses end: an open browser on a desk that was left is nobody's way in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

SEEN = "seen_at"
# It is noted that somebody is there when so much of the time has passed: not every request needs a write.
NOTED_AFTER = 0.05


class Idle(MiddlewareMixin):
    """Django middleware that ends a session after SESSION_IDLE_AGE seconds without anything that a person did; 0: never."""

    def process_view(self, request: HttpRequest, view: object, args: object, named: Any) -> HttpResponse | None:
        """Asks whoever was away for too long to log in again, and then leads them to where they were going."""
        limit, now = settings.SESSION_IDLE_AGE, timezone.now().timestamp()
        if not limit or not request.user.is_authenticated:
            return None
        away = now - request.session.get(SEEN, now)
        if away > limit:
            logout(request)
            return redirect_to_login(request.get_full_path())
        if SEEN not in request.session or (away > limit * NOTED_AFTER and not _by_itself(request)):
            request.session[SEEN] = now
        return None


def _by_itself(request: HttpRequest) -> bool:
    """Whether an open page asks, as it does while nobody is there."""
    name = (request.resolver_match.url_name if request.resolver_match else None) or ""
    return name == "events" or name.endswith(("-live", "-presence"))

"""Sessions that nobody uses end: an open browser on a desk that was left is nobody's way in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

SEEN = "seen_at"
# It is noted that somebody is there when so much of the time has passed: not every request needs a write.
NOTED_AFTER = 0.05


class LoginRequired(LoginRequiredMiddleware):
    """Django's middleware, which leads whoever sent a form back to the page that it is on: its address can't be read."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponseRedirect:
        """Asks whoever is not logged in to do so."""
        return redirect_to_login(where(request))


def where(request: HttpRequest) -> str:
    """The page that somebody is on: the one that they ask for, or that from which they send something."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    return came_from._replace(scheme="", netloc="", fragment="").geturl() if is_ours else "/"


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
            return redirect_to_login(where(request))
        if SEEN not in request.session or (away > limit * NOTED_AFTER and not _by_itself(request)):
            request.session[SEEN] = now
        return None


def _by_itself(request: HttpRequest) -> bool:
    """Whether an open page asks, as it does while nobody is there."""
    name = (request.resolver_match.url_name if request.resolver_match else None) or ""
    return name == "events" or name.endswith(("-live", "-presence"))

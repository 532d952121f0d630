"""Style sheets, scripts and icons, straight from the installed packages, in front of Django."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

# Pages name a file with a hash of its content, so what was fetched once never needs to be asked for again.
FOREVER = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """The static files of our packages."""

    def __init__(self) -> None:
        """Serves what `tocsin.web` and `django_htmx` bring."""
        super().__init__(packages=[("tocsin.web", "static"), ("django_htmx", "static")])

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """A file, to be kept by the browser and taken for what it says it is."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = FOREVER
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

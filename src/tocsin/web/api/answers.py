"""How the API refuses: problem details (RFC 9457), with a sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tocsin.accounts.tokens import BadToken
from tocsin.ground.edits import BadEdit
from tocsin.ground.secrets import Unreadable
from tocsin.incidents.changes import BadChange
from tocsin.incidents.lifecycle import IllegalMove
from tocsin.incidents.models import Incident
from tocsin.incidents.search import BadSearch
from tocsin.incidents.telling import Unread
from tocsin.notifications.channel import BadSettings
from tocsin.notifications.rules import BadRule
from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.escalation import BadPolicy
from tocsin.web.api.cursor import BadCursor
from tocsin.web.problems import PROBLEM, problem_body

NO_TOKEN = "A valid token is needed, `Authorization: Bearer tocsin_…`; people make theirs on their account page."  # noqa: S105
NOWHERE = "There is no such address; /api/v1/openapi.json lists those that there are."
FAILED = "The server failed at this; its log says how."
PLACE = "/api/"
_MOST_ERRORS = 5
_NO_ROW, _NEXT_WORD = re.compile(r"No (\w+) matches the given query\."), re.compile(r"(?<=[a-z])(?=[A-Z])")


class Stale(Exception):
    """What the caller saw is no longer what there is (If-Match)."""


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """An `application/problem+json` answer; `more` are extension members."""
    return HttpResponse(problem_body(status, detail, **more), PROBLEM, status, headers=headers)


def in_problem_details(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware for what no operation answers: the framework's own refusals below /api/ become problem details."""

    def answered(request: HttpRequest) -> HttpResponse:
        given = answer(request)
        is_plain = given.status_code >= HTTPStatus.BAD_REQUEST and given.headers.get("Content-Type") != PROBLEM
        return _of_framework(given) if is_plain and request.path.startswith(PLACE) else given

    return answered


def _of_framework(given: HttpResponse) -> HttpResponse:
    status, allowed = HTTPStatus(given.status_code), given.headers.get("Allow", "")
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(status, f"This address answers only: {allowed}.", {"Allow": allowed})
    details = {HTTPStatus.NOT_FOUND: NOWHERE, HTTPStatus.INTERNAL_SERVER_ERROR: FAILED}
    return problem(status, details.get(status, f"{status.description}."))


def refusals(api: NinjaAPI) -> None:
    """Tells `api` how each kind of refusal is answered."""
    plain: dict[type[Exception], int] = {
        IllegalMove: 409,
        BadChange: 400,
        BadEdit: 409,
        BadSchedule: 400,
        BadPolicy: 400,
        BadSettings: 400,
        BadRule: 400,
        Unreadable: 409,
        BadToken: 400,
        BadCursor: 400,
        BadSearch: 400,
        PermissionDenied: 403,
        Stale: 412,
    }
    for kind, status in plain.items():
        api.add_exception_handler(kind, _as(status))
    api.add_exception_handler(AuthenticationError, lambda *_: problem(401, NO_TOKEN, {"WWW-Authenticate": "Bearer"}))
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(Incident.DoesNotExist, lambda *_: problem(404, "There is no such incident."))
    api.add_exception_handler(HttpError, _as_it_says)
    api.add_exception_handler(Unread, _unread)


def _as(status: int) -> Any:
    return lambda _, error: problem(status, str(error))


def _missing(_: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    """What is not there, by its kind where that is known: in our words, or in those of `get_object_or_404`."""
    said = str(error)
    if found := _NO_ROW.fullmatch(said):
        said = f"There is no such {_NEXT_WORD.sub(' ', found[1]).lower()}."
    return problem(404, said if said.startswith("There is no ") else "There is nothing at this address.")


def _as_it_says(_: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)
    return problem(error.status_code, str(error))


def _unread(_: HttpRequest, error: Unread | type[Unread]) -> HttpResponse:
    """What its sender has to read first. A secret among it is masked."""
    assert isinstance(error, Unread)
    found = [{"kind": one.kind, "said": one.said, "suggestion": one.suggestion} for one in error.found]
    how = "" if any(one.is_barred for one in error.found) else " Confirm with `is_read`."
    return problem(400, f"{error}{how}", findings=found)


def _invalid(_: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """What is wrong in the parameters or the body, by its place; what was sent is not repeated: it may be secret."""
    assert isinstance(error, ValidationError)
    errors = [
        {"at": _place(e["loc"]), "says": e["msg"].removeprefix("Value error, ")} for e in error.errors[:_MOST_ERRORS]
    ]
    detail = "; ".join(f"{e['at']}: {e['says']}" for e in errors)
    return problem(422, detail, errors=errors)


def _place(loc: tuple[str | int, ...]) -> str:
    """Where in what was sent: `body.severity`. The framework's second part of a body is a name of our code's."""
    parts = loc[:1] + loc[2:] if loc[:1] == ("body",) else loc
    return ".".join(map(str, parts))

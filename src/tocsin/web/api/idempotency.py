"""Idempotency-Key: a POST that is sent again changes nothing, and hears what was answered the first time.

The key and the change commit together. A second request with the same key waits for the first, since both write one row.
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tocsin.accounts.models import KeptAnswer
from tocsin.accounts.tokens import caller
from tocsin.web.api.answers import problem

HEADER = "Idempotency-Key"
PLACE = "/api/v1/"
LONGEST = 255
REMEMBERED = timedelta(days=1)


def idempotency(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware that answers repeats."""

    def answered(request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER, "")
        if not key or request.method != "POST" or not request.path.startswith(PLACE):
            return answer(request)
        if len(key) > LONGEST or not key.isprintable():
            return problem(400, f"{HEADER} has at most {LONGEST} printable characters.")
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        found = caller(shown, timezone.now())
        return answer(request) if found is None else _once(request, key, found.user.pk, answer)

    return answered


def _once(request: HttpRequest, key: str, user_id: int, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    now = timezone.now()
    asked = hashlib.sha256(b"\0".join([str(request.method).encode(), request.path.encode(), request.body])).hexdigest()
    with transaction.atomic():
        KeptAnswer.objects.filter(created_at__lt=now - REMEMBERED).delete()
        mine, is_first = KeptAnswer.objects.get_or_create(
            user_id=user_id, key=key, defaults={"request_hash": asked, "status": 0, "body": ""}
        )
        if not is_first:
            return _again(mine, asked)
        given = answer(request)
        if given.status_code >= 500:  # nothing is known to have been done: the same key may try again
            transaction.set_rollback(True)
        else:
            mine.status, mine.body = given.status_code, given.content.decode()
            mine.location = given.headers.get("Location", "")
            mine.save()
    return given


def _again(kept: KeptAnswer, asked: str) -> HttpResponse:
    if kept.request_hash != asked:
        return problem(422, f"This {HEADER} was used for another request; take a new one.")
    kind = "application/json" if kept.status < 400 else "application/problem+json"
    headers = {"Idempotency-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
    return HttpResponse(kept.body, kind, kept.status, headers=headers)

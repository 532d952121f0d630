"""Many open pages on one server."""

from __future__ import annotations

import urllib.request
from contextlib import ExitStack
from http.client import HTTPResponse
from typing import cast

from django.conf import settings
from django.test import Client

from tocsin.accounts.models import User


def test_more_open_pages_than_database_connections_leave_the_list_usable(server: str, alice: User) -> None:
    client = Client()
    client.force_login(alice)
    headers = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}

    def opened(address: str) -> HTTPResponse:
        return cast(HTTPResponse, urllib.request.urlopen(urllib.request.Request(server + address, headers=headers)))

    with ExitStack() as pages:
        for _ in range(2 * settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]):
            stream = pages.enter_context(opened("/events"))
            assert stream.readline() == b"retry: 2000\n"
        with opened("/") as page:
            assert b"Incidents" in page.read()

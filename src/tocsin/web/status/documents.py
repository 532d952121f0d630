"""A status page as the bytes that are sent: for each of its addresses a document, compressed beforehand. Pure."""

from __future__ import annotations

import gzip
import hashlib

import msgspec

from tocsin.web.status import feeds, html
from tocsin.web.status.public import PublicPage

HTML = "text/html; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json"
JSON = "application/json"
CALENDAR = "text/calendar; charset=utf-8"


class Document(msgspec.Struct, frozen=True):
    """What is at an address; `tag` tells one version from another (the inside of an ETag)."""

    content_type: str
    body: bytes
    packed: bytes
    tag: str


def document(content_type: str, body: bytes) -> Document:
    """A body made ready: the same bytes give the same document on every server."""
    packed = gzip.compress(body, 9, mtime=0)
    return Document(content_type, body, packed, hashlib.sha256(body).hexdigest()[:32])


def documents(page: PublicPage) -> dict[str, Document]:
    """Everything at and below the page's path, by its path."""
    at = page.path
    made = {
        at: (HTML, html.page(page)),
        f"{at}/history": (HTML, html.history(page)),
        f"{at}/feed.atom": (ATOM, feeds.atom(page)),
        f"{at}/feed.json": (JSON_FEED, feeds.json_feed(page)),
        f"{at}/summary.json": (JSON, feeds.summary(page)),
        f"{at}/maintenance.ics": (CALENDAR, feeds.calendar(page)),
        **{f"{at}/incidents/{i.key}": (HTML, html.incident(page, i)) for i in page.incidents},
    }
    return {path: document(*content) for path, content in made.items()}

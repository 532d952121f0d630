"""A postmortem as a Markdown document with YAML front matter, and the name of its file. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

import yaml

from tocsin.postmortems.sections import Section

LONGEST_SLUG = 60


def file_name(resolved_at: datetime, title: str, name: str) -> str:
    """`2026-03-01-checkout-is-down-inc-023.md`: sorts by date, and two incidents of one title have two files."""
    return f"{resolved_at.astimezone(UTC):%Y-%m-%d}-{_slug(title)}-{name.lower()}.md".replace("--", "-")


def _slug(title: str) -> str:
    """A title as a file name may have it: lower case, without accents, words joined by dashes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")


def document(facts: Mapping[str, object], title: str, texts: Mapping[Section, str]) -> str:
    """The document: `facts` go into the front matter, in their order; each section under a heading of its own."""
    front = yaml.safe_dump(dict(facts), sort_keys=False, allow_unicode=True, width=1000).strip()
    parts = [f"## {section.heading}\n\n{texts[section].strip() or '*Nothing.*'}" for section in Section]
    return f"---\n{front}\n---\n\n# {title}\n\n" + "\n\n".join(parts) + "\n"

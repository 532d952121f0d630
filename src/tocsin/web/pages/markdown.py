"""Notes: Markdown to HTML that is safe to show. HTML in a note stays text; what remains is cleaned once more."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
# Pictures are left out: showing one would tell a foreign server who reads this incident.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=512)  # a timeline is drawn anew at each change; its notes do not change
def rendered(text: str) -> SafeString:
    """Markdown (CommonMark with tables and strikethrough) as clean HTML."""
    clean = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308  # cleaned by nh3 on the line above


_TO_WRITE = re.compile(r"⟪([^⟪⟫<>]*)⟫")


def with_marks(text: str) -> SafeString:
    """Markdown as `rendered`, with the places where a person must write made visible (see postmortems.sections)."""
    return mark_safe(_TO_WRITE.sub(r'<mark class="to-write">\1</mark>', rendered(text)))  # noqa: S308  # cleaned above

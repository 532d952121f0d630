"""Where the words stand that were looked for: titles with their hits marked, and a line around one elsewhere."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from django.db import connection

from tocsin.incidents.listing import CONFIG
from tocsin.incidents.models import WORDS, Incident, TimelineEntry
from tocsin.incidents.statements import Statement, Topic
from tocsin.incidents.words import HIT, HIT_ENDS, Stretch, Words, around_hit, stretches

# So many of the newest notes on a page of incidents, and of each so many characters, are searched for a line to show.
MOST_NOTES = 200
LONGEST_TEXT = 20_000
_MARKED = """
SELECT x.id, x.part, ts_headline(%(config)s, x.plain, to_tsquery(%(config)s, %(words)s), %(options)s)
FROM jsonb_to_recordset(%(texts)s::jsonb) AS x(id bigint, part int, plain text)
"""
# As documents are cut into words: marks between them are blanks. What is cut so stays as long as it was.
_BLANKS = str.maketrans(dict.fromkeys(string.punctuation + HIT + HIT_ENDS, " "))


@dataclass(frozen=True, slots=True)
class Hits:
    """An incident's title, cut at its hits; and a line from elsewhere with the name of where it stands, empty without."""

    title: tuple[Stretch, ...]
    where: str = ""
    line: tuple[Stretch, ...] = ()


def hits_of(words: Words, incidents: Sequence[Incident], summaries: Mapping[int, str]) -> dict[int, Hits]:
    """The hits in these incidents, by number; three queries. `summaries` are what reports say of them."""
    texts: dict[int, list[tuple[str, str]]] = {one.pk: [("title", one.title)] for one in incidents}
    for number, summary in summaries.items():
        texts[number].append(("analysis", summary))
    notes = TimelineEntry.objects.filter(incident__in=texts, kind__in=WORDS).order_by("-id")[:MOST_NOTES]
    for number, text in notes.values_list("incident", "text"):
        texts[number].append(("note", text[:LONGEST_TEXT]))
    said = Statement.objects.filter(incident__in=texts).order_by("incident", "topic", "-version")
    said = said.distinct("incident", "topic")
    for number, topic, text in said.values_list("incident", "topic", "text"):
        texts[number].append((Topic(topic).label.lower(), text[:LONGEST_TEXT]))
    marked = _marked(words, texts)
    return {number: _hits(parts, marked[number]) for number, parts in texts.items()}


def _marked(words: Words, texts: Mapping[int, list[tuple[str, str]]]) -> dict[int, dict[int, str]]:
    rows = [
        {"id": number, "part": part, "plain": text.translate(_BLANKS)}
        for number, parts in texts.items()
        for part, (_, text) in enumerate(parts)
    ]
    parameters = {
        "config": CONFIG,
        "words": words.any_of_them,
        "options": f'HighlightAll=true, StartSel="{HIT}", StopSel="{HIT_ENDS}"',
        "texts": msgspec.json.encode(rows).decode(),
    }
    found: dict[int, dict[int, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MARKED, parameters)
        for number, part, text in cursor:
            found.setdefault(number, {})[part] = text
    return found


def _hits(parts: Sequence[tuple[str, str]], marked: Mapping[int, str]) -> Hits:
    cut = [stretches(text, marked[part]) for part, (_, text) in enumerate(parts)]
    for (where, _), found in list(zip(parts, cut, strict=True))[1:]:
        if line := around_hit(found):
            return Hits(cut[0], where, line)
    return Hits(cut[0])

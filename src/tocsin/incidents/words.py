"""Words that are looked for, as PostgreSQL's full-text search takes them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# As stored documents are cut into words (see incidents.documents): `payments-api` is two words in a row.
_BETWEEN_WORDS = re.compile(r"[\W_]+")
# Fewer letters begin too many words.
SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or words in a row, to be found or to be left out."""

    text: str
    is_left_out: bool = False
    is_phrase: bool = False

    @property
    def plain(self) -> str:
        """Its letters and digits, words apart by one blank; nothing of it means anything to PostgreSQL."""
        return _BETWEEN_WORDS.sub(" ", self.text).strip()


@dataclass(frozen=True, slots=True)
class Words:
    """What to look for: of each group one must be there, and none of `left_out`. False where there is nothing to find."""

    groups: tuple[tuple[Word, ...], ...] = ()
    left_out: tuple[Word, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def tsquery(self) -> str:
        """For `to_tsquery`: words in quotes, which it stems and joins itself."""
        return self._tsquery("")

    @property
    def any_of_them(self) -> str:
        """The same for marking: wherever any of the words stands, the last also where it only begins one."""
        plain = [f"'{word.plain}'" for group in self.groups for word in group]
        return " | ".join([*plain, f"{plain[-1]}:*"] if self.beginnings else plain)

    @property
    def beginnings(self) -> str:
        """The same, but the last word may be only the beginning of one; empty where it is too short for that."""
        last = self.groups[-1][-1] if self.groups else Word("")
        if last.is_phrase or " " in last.plain or len(last.plain) < SHORTEST_BEGINNING:
            return ""
        return self._tsquery(":*")

    def _tsquery(self, after_last: str) -> str:
        groups = [" | ".join(f"'{word.plain}'" for word in group) for group in self.groups]
        if not groups:
            return ""
        groups[-1] += after_last
        return " & ".join([*(f"({group})" for group in groups), *(f"!'{word.plain}'" for word in self.left_out)])


def read_words(typed: Iterable[Word]) -> Words:
    """Words in the order in which they were typed; OR between two makes them alternatives. Marks alone are no words."""
    groups: list[tuple[Word, ...]] = []
    left_out, joins = [], False
    for word in typed:
        if word.text == "OR" and not word.is_phrase:
            joins = bool(groups)
        elif not word.plain:
            continue
        elif word.is_left_out:
            left_out.append(word)
        elif joins:
            groups[-1] += (word,)
            joins = False
        else:
            groups.append((word,))
    return Words(tuple(groups), tuple(left_out))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text; `is_hit` where it was looked for."""

    text: str
    is_hit: bool = False


# What `ts_headline` puts around a hit: characters that no text of ours holds.
HIT, HIT_ENDS = "\x02", "\x03"
_HIT = re.compile(f"{HIT}(.*?){HIT_ENDS}", re.DOTALL)
AROUND = 80


def stretches(text: str, marked: str) -> tuple[Stretch, ...]:
    """`text` cut at its hits. `marked` is the same text, marks between words aside, with HIT and HIT_ENDS around each hit."""
    found, at, marks = [], 0, 0
    for hit in _HIT.finditer(marked):
        start = hit.start() - marks
        end = start + len(hit[1])
        marks += 2
        found += [Stretch(text[at:start]), Stretch(text[start:end], is_hit=True)]
        at = end
    return tuple(each for each in (*found, Stretch(text[at:])) if each.text)


def around_hit(cut: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """What surrounds the first hit, short enough for a line, cut at blanks; empty where there is no hit."""
    first = next((index for index, each in enumerate(cut) if each.is_hit), None)
    if first is None:
        return ()
    return tuple(_short(cut, first))


def _short(cut: tuple[Stretch, ...], first: int) -> Iterator[Stretch]:
    before = "".join(each.text for each in cut[:first])
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].partition(" ")[2]
    if before:
        yield Stretch(before)
    left = 2 * AROUND
    for each in cut[first:]:
        if len(each.text) > left:
            yield Stretch(each.text[:left].rpartition(" ")[0] + " …", each.is_hit)
            return
        yield each
        left -= len(each.text)

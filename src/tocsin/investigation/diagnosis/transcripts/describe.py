"""`kubectl describe`: one object after another, each with its events at the end."""

import re
from collections.abc import Iterator
from datetime import datetime

from tocsin.investigation.diagnosis.transcripts.outline import outline
from tocsin.investigation.diagnosis.transcripts.tables import Row, headings, rows
from tocsin.investigation.diagnosis.transcripts.times import ago, latest
from tocsin.investigation.diagnosis.transcripts.transcript import DESCRIBED, Document, Transcript, event
from tocsin.investigation.diagnosis.transcripts.workloads import described

# A document begins with its name, and after blank lines only where the one before has come to its events.
_START = re.compile(r"^Name: +\S", re.MULTILINE)
_EVENTS = re.compile(r"^Events:", re.MULTILINE)
_EDGE = re.compile(r"^(?P<events>Events:)|\n\n\n?(?=Name: +\S)", re.MULTILINE)
_DATA = re.compile(r"^Data\n====$", re.MULTILINE)
_AGE = re.compile(r"(?P<last>\S+)(?: \(x(?P<count>\d{1,9}) over (?P<first>\S+)\))?")


def read_describe(text: str, now: datetime | None) -> Transcript | None:
    """Read the output of `kubectl describe`; None for anything else.

    `now` is when it was printed. Without it the latest time in the text stands in, from which ages count back.
    What a ConfigMap or a Secret holds is not read, nor what follows it or an object of a kind that cannot be told:
    people wrote that, and it may look like this.
    """
    if not _START.match(text.lstrip("\n")):
        return None
    printed = now or latest(text)
    found = Transcript(DESCRIBED)
    data = _DATA.search(text)
    for document in _documents(text[: data.start()] if data else text):
        head, tail = _parted(document)
        about = described(outline(head.splitlines()), printed)
        if about is None:
            break
        found.objects.append(about)
        found.events += _events(tail, about, printed)
    return None if found.empty else found


def _documents(text: str) -> Iterator[str]:
    start, complete = 0, False
    for edge in _EDGE.finditer(text):
        if edge["events"]:
            complete = True
        elif complete:
            yield text[start : edge.start()]
            start, complete = edge.end(), False
    yield text[start:]


def _parted(document: str) -> tuple[str, str]:
    found = _EVENTS.search(document)
    return (document[: found.start()], document[found.end() :]) if found else (document, "")


def _events(text: str, about: Document, now: datetime | None) -> Iterator[Document]:
    """Yield the rows of the table of events; a line that begins no event goes on with the message before."""
    lines = [line for line in text.splitlines() if line.strip()]
    header = next(
        (index for index, line in enumerate(lines) if {"Type", "Reason", "Message"} <= headings(line).keys()), None
    )
    if header is None:
        return
    merged = list[Row]()
    for line in lines[header + 1 :]:
        (row,) = rows(lines[header], [line])
        if row.get("Type") in ("Normal", "Warning") and line.startswith("  "):
            merged.append(row)
        elif merged and not line.lstrip().startswith("----"):
            merged[-1]["Message"] = f"{merged[-1].get('Message', '')}\n{line.strip()}"
    for row in merged:
        age = _AGE.match(row.get("Age", ""))
        yield event(
            about,
            type=row["Type"],
            reason=row.get("Reason"),
            message=row.get("Message"),
            count=int(age["count"]) if age and age["count"] else 1,
            source={"component": row.get("From")},
            firstTimestamp=ago(age["first"] or age["last"], now) if age else None,
            lastTimestamp=ago(age["last"], now) if age else None,
        )

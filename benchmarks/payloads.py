"""How many of vendors' published payloads are understood: `python -m benchmarks.payloads FOLDER`.

FOLDER holds a folder for each vendor with what it documents or its tests hold. Prints what was understood of each file; of
those that are no signals, why.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from tocsin.alerts.calling import alerts_of
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources import Source, load_sources

# Which source a file is for, or why it is no signal: the first pattern that fits.
PLACES = (
    ("*.txt", None, "a list of fields, code or a form, not a body"),
    ("*.yaml", None, "a description of an interface"),
    ("slack/*", None, "what people do in Slack"),
    ("ical/*", None, "calendars"),
    ("policy/*", None, "results of policy engines: kept with a deployment"),
    ("infracost/*", None, "cost estimates: kept with a deployment"),
    ("terraform/hcp_*.json", "hcp_terraform", ""),
    ("terraform/*", None, "output of Terraform: kept with a deployment"),
    ("linear/*", None, "names of headers and fields, not a body"),
    ("incident_io/status_page_*", None, "a request to a vendor, not a signal from one"),
    ("pagerduty/*_responses.json", None, "a vendor's answers"),
    ("pagerduty/events_*", "pagerduty_events", ""),
    ("pagerduty/*", "pagerduty", ""),
    ("aws_sns_cloudwatch/*", "cloudwatch", ""),
    ("problem_details/*", "structured_error", ""),
)
# What stands for a variable of a template that its vendor fills in.
FILLED = {"$ALERT_TRANSITION": "Triggered", "$EVENT_TITLE": "[Triggered] Filled in", "$ALERT_TITLE": "Filled in"}


class Result(NamedTuple):
    """What became of one file: its source where it has one, and in words what was understood, or why nothing was."""

    file: str
    source: str | None
    is_understood: bool
    words: str


def place(file: str) -> tuple[str | None, str]:
    """The source for a file, or why there is none."""
    found = next((entry for entry in PLACES if fnmatch(file, entry[0])), None)
    return (found[1], found[2]) if found else (file.partition("/")[0], "")


def body_of(path: Path) -> bytes:
    """The bytes that would arrive: templates filled in, what a test vector signs, the message in a function's input."""
    text = re.sub(r"\$[A-Z_]+", lambda variable: FILLED.get(variable[0], "1"), path.read_text())
    value = json.loads(text)
    if isinstance(value, dict) and value.keys() >= {"secret", "body"}:
        return str(value["body"]).encode()
    if isinstance(value, dict) and "Records" in value:
        return json.dumps(value["Records"][0]["Sns"]).encode()
    return text.encode()


def words(parsed: Parsed) -> str:
    """What was understood, in a line."""
    alerts = [
        f"{'acknowledged' if a.acknowledged else 'firing' if a.firing else 'resolved'} “{a.title}”"
        for a in parsed.alerts
    ]
    runs = [f"{run.tool} {run.command} {run.outcome} of {run.configuration}" for run in parsed.runs]
    calls = [alert.title for run in parsed.runs for alert in alerts_of(run) if alert.firing]
    return (
        "; ".join([*alerts, *runs, *(f"calls: {title}" for title in calls), *filter(None, [parsed.note])]) or "nothing"
    )


def read(folder: Path, sources: dict[str, Source]) -> Iterator[Result]:
    """What becomes of every file of a folder."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in {".SOURCE", ".md"}):
        file = path.relative_to(folder).as_posix()
        kind, why = place(file)
        if kind is None:
            yield Result(file, None, False, why)
            continue
        try:
            yield Result(file, kind, True, words(sources[kind].parse(body_of(path))))
        except BadPayload as error:
            yield Result(file, kind, False, str(error))


def main() -> int:
    """Prints every file and the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f"{folder} is no folder")
    results = list(read(folder, load_sources()))
    for result in results:
        mark = "  -" if result.source is None else " ok" if result.is_understood else "BAD"
        print(f"{mark}  {result.file}  {f'[{result.source}] ' if result.source else ''}{result.words}")
    signals = [result for result in results if result.source is not None]
    understood, others = sum(result.is_understood for result in signals), len(results) - len(signals)
    print(f"{understood} of {len(signals)} signals understood; {others} other files are no signals")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The keys: one table, from which the sheet is written and by which the script knows what to do. Pure but for addresses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Key:
    """Keys, typed one after another with a blank between them, and what they do.

    Of these one is set: `route`, the name of the page that opens; `press`, a selector of what is pressed, opened or written
    in, for pages that have one; `does`, what only the script can do.
    """

    group: str
    keys: str
    words: str
    route: str = ""
    press: str = ""
    does: str = ""

    @property
    def address(self) -> str:
        """Where the key leads; empty where it does not lead to a page."""
        return reverse(self.route) if self.route else ""

    @property
    def caps(self) -> list[str]:
        """What stands on the keys."""
        return self.keys.split()


KEYS = (
    Key("Everywhere", "?", "All keys", does="sheet"),
    Key("Everywhere", "Ctrl+K", "Search, go or do by its name", does="palette"),
    Key("Everywhere", "/", "Search this list", press="main input[type=search]"),
    Key("Everywhere", "Esc", "Close what is open", does="close"),
    Key("Everywhere", "c", "Declare an incident", route="incident-new"),
    Key("Go to", "g i", "Incidents", route="incidents"),
    Key("Go to", "g a", "Actions", route="action-items"),
    Key("Go to", "g p", "Postmortems", route="postmortems"),
    Key("Go to", "g l", "Alerts", route="alerts"),
    Key("Go to", "g d", "Deployments", route="deployments"),
    Key("Go to", "g s", "Services", route="services"),
    Key("Go to", "g c", "On call", route="oncall"),
    Key("Go to", "g o", "Sources", route="sources"),
    Key("Go to", "g m", "Silences", route="silences"),
    Key("Lists", "j", "Next row", does="next"),
    Key("Lists", "k", "Previous row", does="previous"),
    Key("Lists", "x", "Select the row", does="select"),
    Key("Lists", "Enter", "Open the row", does="open"),
    Key("Incident", "a", "Acknowledge", press="#to-acknowledged"),
    Key("Incident", "m", "Take it: assign to me", press="#to-me"),
    Key("Incident", "s", "Set the severity", press="#open-severity"),
    Key("Incident", "l", "Take or give a role", press="#open-role"),
    Key("Incident", "i", "Say what its impact and cause were", press="#said-edit > summary"),
    Key("Incident", "n", "Write a note", press="#note-text"),
    Key("Incident", "t", "Tell the team", press="#tell-team"),
    Key("Incident", "o", "Tell outsiders", press="#tell-outsiders"),
    Key("Incident", "r", "Resolve, or reopen", press="#open-resolve, #open-reopen"),
)


def sheet() -> list[tuple[str, list[Key]]]:
    """The table by group."""
    return [(group, list(keys)) for group, keys in groupby(KEYS, attrgetter("group"))]

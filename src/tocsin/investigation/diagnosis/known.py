"""What is worked out of a snapshot once, for all causes that ask."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.changes.edits import Edit, latest_edits
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Pod


class Complaining(NamedTuple):
    """A container with what it complains of now, oldest first."""

    pod: Pod
    container: Container
    lines: Sequence[Line]


class Known:
    """Facts about an inventory that are dear to find, each found when it is first wanted."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    @cached_property
    def edits(self) -> Mapping[Subject, Edit]:
        """The latest change of each object."""
        return latest_edits(self._inventory)

    @cached_property
    def complaining(self) -> Sequence[Complaining]:
        """The containers that complain now."""
        logs = self._inventory.logs
        held = [(pod, one, pod.log_of(one.name)) for pod, one in self._containers]
        found = [Complaining(pod, one, logs.current(key, one)) for pod, one, key in held]
        return [one for one in found if one.lines]

    @cached_property
    def _complaints(self) -> tuple[str, Sequence[int], Sequence[tuple[int, Line]]]:
        """All of it as one text, a line each; where each line begins; whose it is, and the line itself."""
        lines = [(whose, line) for whose, one in enumerate(self.complaining) for line in one.lines]
        starts = list(accumulate((len(line.text) + 1 for _, line in lines), initial=0))
        return "\n".join(line.text for _, line in lines), starts, lines

    def matching(self, pattern: re.Pattern[str]) -> Sequence[Complaining]:
        """Return the containers with the lines in which a pattern (multi-line) begins; one search goes through them all."""
        text, starts, lines = self._complaints
        found: dict[int, list[Line]] = defaultdict(list)
        at = 0
        while at < len(text) and (match := pattern.search(text, at)):
            number = bisect_right(starts, match.start()) - 1
            whose, line = lines[number]
            found[whose].append(line)
            at = starts[number + 1]
        return [self.complaining[whose]._replace(lines=held) for whose, held in sorted(found.items())]

    @cached_property
    def unread(self) -> Sequence[str]:
        """The logs that were not collected although their containers ran and their pods are not well."""
        logs = self._inventory.snapshot.logs
        keys = [(pod.log_of(one.name), pod, one) for pod, one in self._containers if not pod.ready]
        return [key for key, pod, one in keys if key not in logs and ran(pod, one)]

    @cached_property
    def _containers(self) -> Sequence[tuple[Pod, Container]]:
        return [(pod, container) for pod in self._inventory.pods for container in pod.containers]


def ran(pod: Pod, container: Container) -> bool:
    """Tell whether a container may have a log: one that never started, has no node or was evicted has nothing to read."""
    return bool(pod.node) and not pod.evicted and container.started

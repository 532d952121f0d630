"""A healthy world that tempts: the function that changes a good cluster, and what a diagnosis should say of it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.investigation.clusters import Cluster
from tests.investigation.library import library

Change = Callable[[Cluster], None]


@dataclass(frozen=True, slots=True)
class Tempting:
    """One world; `outcome` is "inconclusive" only where too little was collected, or is settled, to call it healthy."""

    change: Change
    outcome: str
    start: Callable[[], Cluster]

    @property
    def document(self) -> bytes:
        """The snapshot."""
        made = self.start()
        self.change(made)
        return made.document()


WORLDS: dict[str, Tempting] = {}


def tempting(outcome: str = "healthy", start: Callable[[], Cluster] = library) -> Callable[[Change], Change]:
    """Register a function as a world; it changes the library's cluster unless told to start from another one."""

    def register(change: Change) -> Change:
        name = change.__name__.replace("_", "-")
        assert name not in WORLDS, f"two worlds are called {name}"
        WORLDS[name] = Tempting(change, outcome, start)
        return change

    return register

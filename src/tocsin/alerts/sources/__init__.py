"""One file a vendor: `parse(body: bytes) -> Parsed`, pure; BadPayload where the body can't be understood.

A source is found by its file: `/hooks/NAME/…` is answered by the module `tocsin.alerts.sources.NAME`.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol

from tocsin.alerts.mapping import MAPPED
from tocsin.alerts.parsed import Parsed
from tocsin.alerts.verify import Signature


class Source(Protocol):
    """What each file in this folder offers.

    It may also have `enveloped(arrival) -> bytes` (see tocsin.alerts.arrival); BUSY, the status that makes this vendor
    send again (503 when not said; None where nothing does); and IS_SNS, where what comes must be signed by Amazon SNS.
    """

    __name__: str
    EXAMPLE: bytes
    SIGNATURE: Signature | None

    def parse(self, body: bytes) -> Parsed:
        """The alerts in a body. Raises BadPayload."""


# The kind of source whose bodies are no alerts: they have a route of their own.
DEPLOYMENT = "deployment"


def kinds() -> list[str]:
    """Every kind of source that there can be."""
    return sorted([*(module.name for module in pkgutil.iter_modules(__path__)), DEPLOYMENT, MAPPED])


def load_sources() -> dict[str, Source]:
    """All sources by name. A new file in this folder is a new source."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}

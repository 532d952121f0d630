"""Healthy worlds, each named by what makes it tempting to see trouble in it; `WORLDS` has them all by name."""

import importlib
import pkgutil

from tests.investigation.healthy.tempting import WORLDS, Tempting

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")

__all__ = ["WORLDS", "Tempting"]

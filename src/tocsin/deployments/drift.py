"""Which drift counts: a managed resource changed or deleted outside, unless all that changed is on the noise list. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from tocsin.deployments.terraform.plan import Plan

RULE = "significant-drift"
_DATA = re.compile(r"(?:^|\.)data\.[\w-]+\.[\w-]+(?:\[.*\])?$")


@dataclass(frozen=True, slots=True)
class Noise:
    """One entry of the noise list: patterns, as a shell matches file names, of address and attribute, and why."""

    address: str
    attribute: str
    why: str

    def covers(self, address: str, attribute: str) -> bool:
        """Whether a change of this attribute means nothing. A pattern of a resource holds in every module."""
        here = fnmatchcase(address, self.address) or fnmatchcase(address, f"*.{self.address}")
        return here and fnmatchcase(attribute, self.attribute)


@dataclass(frozen=True, slots=True)
class Drifted:
    """One resource instance that is not as it was left. `attributes` is empty where it is gone, or nobody knows more."""

    address: str
    why: str
    attributes: tuple[str, ...] = ()
    ignored_by: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: getattr(self, name) for name in self.__slots__}


def drifted(plan: Plan | None, addresses: tuple[str, ...], noise: list[Noise]) -> list[Drifted]:
    """What drifted, from the plan where there is one, else from the addresses that the log names; data sources never do."""
    if plan is None:
        found = [Drifted(address, "the log says that it changed outside") for address in addresses]
    else:
        found = [_change(c.address, c.action, tuple(a.path for a in c.attributes)) for c in plan.drift]
    return [_judged(one, noise) for one in found if not _DATA.search(one.address)]


def significant(found: list[Drifted]) -> list[Drifted]:
    """Those that no entry of the noise list covers."""
    return [one for one in found if not one.ignored_by]


def _change(address: str, action: str, attributes: tuple[str, ...]) -> Drifted:
    if action == "delete":
        return Drifted(address, "it was deleted outside")
    return Drifted(address, f"changed outside: {', '.join(attributes[:5])}", attributes)


def _judged(one: Drifted, noise: list[Noise]) -> Drifted:
    """With the entries that cover all of it. What is gone, or not known further, only an entry for every attribute covers."""
    covering = []
    for attribute in one.attributes or ("",):
        entry = next((entry for entry in noise if entry.covers(one.address, attribute)), None)
        if entry is None:
            return one
        covering.append(entry.why)
    return replace(one, ignored_by="; ".join(dict.fromkeys(covering)))

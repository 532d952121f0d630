"""A quota that is used up."""

import re
from collections.abc import Iterator, Mapping

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reading.load.bounds import lacking, room, unclaimed
from tocsin.investigation.diagnosis.reference import Subject, escape
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.quotas import raise_quota
from tocsin.investigation.diagnosis.resources import Resource, Workload
from tocsin.investigation.diagnosis.signals import Saying, uncreated
from tocsin.investigation.diagnosis.world import World

_EXCEEDED = re.compile(r"exceeded quota: (?P<quota>[^,:\s]+)(?:, requested: (?P<asked>\S+), (?P<told>used: .*))?")


@cause("quota", modes=("admit.quota_exceeded",), needs=("ResourceQuota",))
def quota_exceeded(world: World) -> Iterator[Finding]:
    """A ResourceQuota of the namespace is used up, so nothing more of that kind can be made.

    A quota bounds the sum of CPU, memory or storage that may be asked for, or how many pods, Services, claims or other
    objects there may be. The API server refuses what would pass it; controllers try again and again. What runs is not
    touched, so it shows at the next rollout or restart.

    When it is wrong: a rollout asks for too much by mistake; then the request is to be mended, not the quota.
    """
    for saying in uncreated(world):
        if found := _EXCEEDED.search(saying.text):
            yield _refused(world, saying, found["quota"], found["asked"] or "", found["told"] or "")
    for quota in world.of("ResourceQuota"):
        for kind in sorted(quota.mapping("status/hard")):
            yield from _suspected(world, quota, kind)


def _refused(world: World, saying: Saying, name: str, asked: str, told: str) -> Finding:
    """Say what the API server said: `asked` is "pods=1,requests.cpu=2"."""
    subject = Subject("ResourceQuota", saying.about.namespace, name)
    held = world.inventory.get(subject)
    pairs = dict(pair.split("=", 1) for pair in asked.split(",") if "=" in pair)
    return Finding(
        subject,
        f"quota {name} refuses {asked.replace(',', ', ') or 'more'} for {saying.controller.name}"
        + (f": {told}" if told else ""),
        cites=[
            saying.weighing(CONCLUSIVE),
            *(held.cite(f"status/used/{escape(kind)}", MODERATE) for kind in sorted(pairs) if held),
        ],
        felt_by=[saying.controller],
        remedies=[_look(subject), *(_raises(world, saying, held, pairs) if held else ())],
    )


def _raises(world: World, saying: Saying, quota: Resource, asked: Mapping[str, str]) -> Iterator[Command]:
    """Yield what makes room in a quota for all the pods that a refused controller still lacks."""
    maker = world.inventory.get(saying.about)
    made = maker.number("status/replicas") or 0 if maker else 0
    lacks = maker.desired - made if isinstance(maker, Workload) and maker.kind != "Job" else 1
    for kind, amount in sorted(asked.items()):
        if _short(quota, kind, amount):
            yield raise_quota(quota, kind, amount, max(lacks, 1))


def _short(quota: Resource, kind: str, asked: str) -> bool:
    """Tell whether a quota leaves less of a kind than is asked for."""
    left, amount = room(quota, kind), parse_quantity(asked)
    return left is not None and amount is not None and amount > left


def _suspected(world: World, quota: Resource, kind: str) -> Iterator[Finding]:
    """Yield a quota that nobody blames, where somebody lacks what it may have refused."""
    left = room(quota, kind)
    if left is None:
        return
    lacks = list(lacking(world, quota.namespace, kind, left))
    ready = [(volume, parse_quantity(volume.get("spec/capacity/storage")) or 0) for volume in unclaimed(world)]
    larger = [volume for volume, size in ready if kind == "requests.storage" and size > left]
    # A claim for the volume that stands ready would have been allowed.
    roomy = left > 0 and ready and not larger and kind == "requests.storage"
    if lacks and not roomy:
        used, most = (quota.get(f"status/{held}/{escape(kind)}") for held in ("used", "hard"))
        passed = f", and volume {larger[0].name} has {larger[0].get('spec/capacity/storage')}" if larger else ""
        yield Finding(
            quota.subject,
            f"quota {quota.name} on {kind}: {used} of {most} used{passed}",
            cites=[
                quota.cite(f"status/used/{escape(kind)}", MODERATE if left <= 0 else WEAK),
                quota.cite(f"status/hard/{escape(kind)}", MODERATE),
                *(volume.cite("spec/capacity/storage", STRONG) for volume in larger),
                *(lack.cite for lack in lacks),
            ],
            felt_by=[lack.workload for lack in lacks],
            remedies=[_look(quota.subject)],
        )


def _look(quota: Subject) -> Command:
    return look("describe", "resourcequota", quota.name, of=quota, purpose="see what is used and what is allowed")

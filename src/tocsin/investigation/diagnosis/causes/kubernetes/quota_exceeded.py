"""A quota that is used up."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reference import Subject, escape
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.settings import uncalled
from tocsin.investigation.diagnosis.signals import uncreated, unscheduled
from tocsin.investigation.diagnosis.world import World

_EXCEEDED = re.compile(
    r"(?:exceeded|failed) quota: (?P<quota>[^,:]+)[,:] (?:requested: )?(?P<asked>[^,]+),? ?(?P<told>.*)"
)
_NO_CLAIM = re.compile(r'persistentvolumeclaim "[^"]+" not found')


@cause("quota", needs=("ResourceQuota",))
def quota_exceeded(world: World) -> Iterator[Finding]:
    """A ResourceQuota of the namespace is used up, so nothing more of that kind can be made.

    The API server refuses what would pass the quota; controllers try again and again. Running pods are not touched,
    so it shows at the next rollout or restart.

    When it is wrong: a rollout asks for too much by mistake; then the request is to be mended, not the quota.
    """
    for saying in uncreated(world):
        if found := _EXCEEDED.search(saying.text):
            subject = Subject("ResourceQuota", saying.about.namespace, found["quota"])
            held, kind = world.inventory.get(subject), found["asked"].partition("=")[0]
            yield Finding(
                subject,
                f"quota {subject.name} refuses {found['asked']} for {saying.controller.name}: {found['told']}",
                cites=[
                    saying.weighing(CONCLUSIVE),
                    *([held.cite(f"status/used/{escape(kind)}", MODERATE)] if held else []),
                ],
                felt_by=[saying.controller],
                remedies=[_look(subject)],
            )
    for quota in world.of("ResourceQuota"):
        for kind, hard in sorted(quota.mapping("status/hard").items()):
            absent = _absent(world, quota.namespace, kind)
            used, most = parse_quantity(quota.get(f"status/used/{escape(kind)}")), parse_quantity(hard)
            full = used is not None and most is not None and used >= most
            if full or (absent and kind == "requests.storage"):
                yield Finding(
                    quota.subject,
                    f"quota {quota.name} on {kind}: {quota.get(f'status/used/{escape(kind)}')} of {hard} used",
                    cites=[
                        quota.cite(f"status/used/{escape(kind)}", MODERATE if full else WEAK),
                        quota.cite(f"status/hard/{escape(kind)}", MODERATE),
                        *(cite for _, cite in absent),
                    ],
                    felt_by=[subject for subject, _ in absent],
                    remedies=[_look(quota.subject)],
                )


def _absent(world: World, namespace: str, kind: str) -> list[tuple[Subject, Citation]]:
    """Return who lacks an object of the limited kind, as far as a quota could have refused it."""
    if kind in ("requests.storage", "persistentvolumeclaims"):
        waiting = [saying for saying in unscheduled(world) if _NO_CLAIM.search(saying.text)]
        return [
            (saying.controller, saying.weighing(STRONG)) for saying in waiting if saying.about.namespace == namespace
        ]
    if kind in ("services", "count/services"):
        return [(caller, cite) for caller, cite, missing in uncalled(world) if missing.namespace == namespace]
    return []


def _look(quota: Subject) -> Command:
    return look("describe", "resourcequota", quota.name, of=quota, purpose="see what is used and what is allowed")

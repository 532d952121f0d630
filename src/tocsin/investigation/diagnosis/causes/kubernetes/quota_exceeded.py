"""A quota that is used up."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, WEAK
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reference import Subject, escape
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_EXCEEDED = re.compile(
    r"(?:exceeded|failed) quota: (?P<quota>[^,:]+)[,:] (?:requested: )?(?P<asked>[^,]+),? ?(?P<told>.*)"
)


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
            used, most = parse_quantity(quota.get(f"status/used/{escape(kind)}")), parse_quantity(hard)
            if used is not None and most is not None and used >= most:
                yield Finding(
                    quota.subject,
                    f"quota {quota.name} is used up: {kind} {quota.get(f'status/used/{escape(kind)}')} of {hard}",
                    cites=[
                        quota.cite(f"status/used/{escape(kind)}", MODERATE),
                        quota.cite(f"status/hard/{escape(kind)}", WEAK),
                    ],
                    remedies=[_look(quota.subject)],
                )


def _look(quota: Subject) -> Command:
    return look("describe", "resourcequota", quota.name, of=quota, purpose="see what is used and what is allowed")

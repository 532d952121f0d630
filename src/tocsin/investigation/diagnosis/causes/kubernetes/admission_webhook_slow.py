"""An admission webhook that makes every change slow."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

_DURATION = re.compile(r"admission_webhook\w*(?:duration|latency)", re.I)
# What only ever grows, as Prometheus names it, is the time of no single answer.
_COUNTED = re.compile(r"_(?:sum|count|bucket|total)$")
_KINDS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
# An answer takes milliseconds; the API server waits 10 s for it unless told otherwise.
_SLOW = 1.0


@cause("admission", modes=("admit.webhook_slow",), needs=("metrics",))
def admission_webhook_slow(world: World) -> Iterator[Finding]:
    """A webhook that the API server asks before changes takes seconds to answer, so everything that it guards is slow.

    Webhooks are asked one after another or side by side, and the slowest counts. Deployments crawl, controllers lag,
    and now and then one does not answer in time, which looks like a failure of its own.

    When it is wrong: the time was measured over a moment in which the webhook restarted.
    """
    for index, metric in enumerate(world.snapshot.metrics):
        name = metric.labels.get("name") or metric.about.name or ""
        if (
            _DURATION.search(metric.name)
            and not _COUNTED.search(metric.name)
            and metric.unit in ("seconds", "")
            and metric.value >= _SLOW
            and name
        ):
            held, hook = _configured(world, name)
            subject = held.subject if held else Subject("ValidatingWebhookConfiguration", "", name)
            bounds = [hook] if hook else []
            yield Finding(
                subject,
                f"webhook {name} takes {metric.value:.1f} s to answer the API server"
                + (f", which waits up to {hook.value} s" if hook else ""),
                cites=[Citation(f"metrics/{index}#/value", metric.value, CONCLUSIVE, subject), *bounds],
                remedies=[
                    look(
                        "get",
                        f"{subject.kind.lower()}s",
                        "-o",
                        "yaml",
                        of=subject,
                        purpose="see what it is asked about",
                    )
                ],
            )


def _configured(world: World, name: str) -> tuple[Resource | None, Citation | None]:
    """Return the configuration that has a webhook of a name, and its time limit."""
    for kind in _KINDS:
        for held in world.inventory.of(kind):
            for hook in held.parts("webhooks"):
                if hook.text("name") == name:
                    known = hook.number("timeoutSeconds") is not None
                    return held, hook.cite("timeoutSeconds", MODERATE) if known else None
    return None, None

"""A service that is kept down by those who ask it again."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.load.measurements import Measurement, traffic
from tocsin.investigation.diagnosis.reading.load.propagation import troubles
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.world import World

# Asked twice as often as usual by callers that are themselves asked hardly more often: every other request is a retry.
_AMPLIFIED, _USUAL = 2.0, 1.3


@cause("overload", modes=("app.retry_storm",), needs=("metrics",))
def retry_storm(world: World) -> Iterator[Finding]:
    """A service fails under requests that its callers repeat, although people ask for no more than usual.

    Something made it slow for a moment; callers ran into time-outs and asked again, each try adding to the load that
    made the last one fail. So it stays down after the trigger is gone. Fewer retries, with pauses that grow, or a moment
    with less load let it recover.

    When it is wrong: a caller changed and really needs more, or somebody calls it whom nobody measures.
    """
    held, rates = troubles(world), traffic(world)
    for rate in rates:
        trouble = held.get(rate.workload)
        calm = list(_calm(world, rates, rate.workload))
        if trouble and rate.ratio >= _AMPLIFIED and calm:
            names = ", ".join(sorted({other.workload.name for other in calm}))
            yield Finding(
                rate.workload,
                f"{rate.workload.name} is asked {rate.ratio:.1f} times as often as usual and fails, while its callers {names}"
                " are asked as usual: they repeat their requests",
                cites=[
                    rate.cite(STRONG),
                    trouble.measured[0].cite(MODERATE),
                    *(other.cite(MODERATE) for other in calm[:1]),
                ],
                remedies=[
                    look(
                        "get",
                        target(calm[0].workload),
                        "-o",
                        "yaml",
                        of=calm[0].workload,
                        purpose="look for its retries",
                    ),
                ],
            )


def _calm(world: World, rates: list[Measurement], called: Subject) -> Iterator[Measurement]:
    """Yield the callers' rates, where all callers that were measured are asked as usual."""
    near = [rate for rate in rates if world.topology.upstream(rate.workload).get(called)]
    yield from near if all(rate.ratio <= _USUAL and rate.metric.baseline for rate in near) else ()

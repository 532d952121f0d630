"""Too many requests in too little time."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"RequestLimitExceeded|Throttl(?:ing|ed)\w*|Rate exceeded|TooManyRequests\w*|too many requests"
    r"|rate_limit\w*|rate[- ]?limit(?:ed|ing|s|Exceeded)?\b|RATE_LIMIT_EXCEEDED|SlowDown\b"
    r"|PriorRequestNotComplete"
    r"|Quota exceeded for quota metric .{0,200}per (?:minute|day)",
    status=r"\b429\b",
)


@cause("rate_limit", needs=("deployment",))
def throttled(world: World) -> Iterator[Finding]:
    """The service was asked too often in too short a time, and asks to slow down.

    The tool works on ten resources at once and reads every one of a state before each plan; others may use the same
    account. What was done is kept in the state, so running it again goes on where it stopped.

    When it is wrong: the limit is one of a day or a month, and trying again more slowly changes nothing.
    """
    if told := failing(world, _SAID):
        steps = [
            terraform.again(
                told.tool, "go on more slowly; raise the provider's max_retries where it has one", "-parallelism=2"
            ),
            terraform.plan(
                told.tool,
                "or look without reading everything anew, where nothing was changed outside",
                "-refresh=false",
            ),
        ]
        yield told.finding(f"{told.who}: the service answers that it is asked too often", steps)

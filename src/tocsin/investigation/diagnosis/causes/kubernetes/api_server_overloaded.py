"""An API server that cannot keep up with its requests."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.nodes.control_plane import component, heard
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

_TURNED_AWAY = (
    r"the server has received too many requests and has asked us to try again later"
    r"|Too many requests, please try again later"
    r"|client rate limiter Wait returned an error: context deadline exceeded"
    r"|request did not complete within (?:the allotted timeout|requested timeout)"
    r"|the server was unable to return a response in the time allotted"
)
# Fewer may be a client that asks too fast.
_FEW = 2


@cause("control-plane", modes=("ctrl.api_slow",))
def api_server_overloaded(world: World) -> Iterator[Finding]:
    """The API server turns requests away, or does not answer them in time.

    Somebody lists too much or too often, a controller goes round in a loop, or etcd behind it is slow. Controllers and
    operators fall behind; applications that do not use the API go on.

    When it is wrong: a single client is slowed down by its own limit of requests.
    """
    told = heard(world, _TURNED_AWAY, hint="many requests|rate limiter|allotted|requested timeout")
    callers = sorted({caller for caller, _ in told})
    if len(callers) < _FEW:
        return
    for caller, cite in told:
        yield Finding(caller, "others are turned away too", [cite], against="rate-limited")
    server = component(world, "kube-apiserver")
    yield Finding(
        server,
        f"the API server turns away requests of {len(callers)} clients: {', '.join(at.name for at in callers[:4])}",
        cites=[cite for _, cite in told[:6]],
        felt_by=callers,
        remedies=[
            look(
                "get", "--raw", "/readyz?verbose", of=Subject("Namespace", "", ""), purpose="see what it says of itself"
            ),
            look(
                *("get", "flowschemas,prioritylevelconfigurations"),
                of=Subject("Namespace", "", ""),
                purpose="see who may ask how much",
            ),
        ],
    )

"""A host has no address."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    unless=r"discovery document|provider registry|module registry",
    code=r"no such host|could not resolve host|Temporary failure in name resolution"
    r"|Name or service not known|server misbehaving|nodename nor servname",
)


@cause("network", needs=("deployment",))
def host_not_resolved(world: World) -> Iterator[Finding]:
    """A host's name could not be turned into an address from where the run runs.

    Private zones answer only inside of their network, a pipeline may have no name server that knows them, and a name with
    a typing error has no address anywhere. What was made a moment ago may not be published yet.

    When it is wrong: the name server was away for a moment, and the next run succeeds.
    """
    if told := failing(world, _SAID):
        host = told.read(r"lookup ([\w.-]+)") or told.read(r"resolve host:? ([\w.-]+)") or told.read(r"://([\w.-]+)")
        steps = [terraform.look("getent", "hosts", host, purpose=f"ask for {host} where the run runs")] if host else []
        steps.append(terraform.plan(told.tool, "try again, once the name is answered"))
        yield told.finding(f"{told.who}: the name {host or 'of a host'} can't be resolved from where it runs", steps)

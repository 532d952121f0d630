"""The address of the run is not on the list."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"ForbiddenByFirewall|Client address is not authorized|IP_ADDRESS_NOT_ON_ACCESS_LIST|ip_not_allowed"
    r"|is not allowed to access the server|no pg_hba\.conf entry|\bIP allow ?list\b"
    r"|blocked by your [\w ]*firewall|firewall (?:rules?|settings) (?:of|on|do|does)"
    r"|PublicNetworkAccess(?:Disabled|NotAllowed)|public network access (?:is|on) [\w ]*(?:disabled|denied)",
    prose=r"(?:IP|client|source)(?: address)?[\w .:'\"()/]{0,60} (?:is )?not (?:allowed|authorized|permitted"
    r"|whitelisted"
    r"|on the (?:access|allow))|AuthorizationFailure\b.{0,80}This request is not authorized",
    unless=r"disallowed by policy|RequestDisallowedByPolicy",
)


@cause("network", needs=("deployment",))
def address_not_allowed(world: World) -> Iterator[Finding]:
    """The service answers, and lets nobody in from the address that the run comes from.

    Stores of secrets, databases and interfaces of accounts have a firewall of their own: a list of addresses, or only a
    private endpoint. They answer 403 as a missing right does, and no right helps. Runners of a pipeline have another
    address every time, and people another one than the pipeline.

    When it is wrong: the list is right, and the run goes out through another gateway than people think.
    """
    if told := failing(world, _SAID):
        address = told.read(r"(?:[Cc]lient address:|IP(?: address)?|host) ['\"]?(\d+\.\d+\.\d+\.\d+)")
        come = ("curl", "-sS", "-m", "10", "https://checkip.amazonaws.com")
        steps = [] if address else [terraform.look(*come, purpose="see from which address the run comes")]
        purpose = (
            f"let {address or 'that address'} in at the service's own firewall, or run from inside its network "
            "(a private endpoint, a runner of your own), then see whether it answers"
        )
        steps.append(terraform.plan(told.tool, purpose))
        hint = ["a right that is given does not help: the service refuses the address, whoever asks"]
        yield told.finding(
            f"{told.who}: the service lets nobody in from {address or 'the address of the run'}", steps, hint
        )

"""A service does not answer."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"timeout awaiting response headers|connection (?:refused|reset by peer|timed out)"
    r"|no route to host|network is unreachable"
    r"|i/o timeout|TLS handshake timeout|Client\.Timeout exceeded|proxyconnect"
    r"|request canceled while waiting for connection|Failed to connect to|connection attempt failed"
    r"|client connection lost|tls: handshake failure|broken pipe|Couldn't connect to server"
    r"|Cannot connect to the|HTTP response to HTTPS client|upstream connect error|\bstream error: stream ID"
    r"|Is the [\w ]+ running\?"
    r"|connection was forcibly closed|use of closed network connection",
    prose=r"(?:unexpected )?\bEOF\b|giving up after \d+ attempt|(?:get|post|put|patch"
    r"|delete) \"?https?://\S+: context deadline exceeded|bad gateway|gateway time-?out"
    r"|service ?unavailable|could not connect|connection error|\b50[234]\b",
    status=r"InternalServerError|InternalError\b|InternalFailure|internal server error|ServiceException"
    r"|\b500\b|backendError",
    unless=r"using password: |Error 1045\b|//(?:localhost|127\.0\.0\.1|\[::1\])(?::80)?/|registry\.(?:terraform"
    r"|opentofu)\."
    r"|\.well-known/terraform|discovery document|provider registry|module registry|failed calling webhook"
    r"|unexpected EOF JSON",
)


# The client gave up waiting for an answer: that may be slow work as well as a dead line.
_SLOW = re.compile(r"Client\.Timeout|awaiting (?:response )?headers|context deadline exceeded")
_LOCAL = re.compile(r"(?:^|//|\[)(?:localhost|127\.\d+\.\d+\.\d+|::1)")
_URL = r"(https?://[^\s\"?,]+)"
_TUNNEL = (
    "the address is on the machine of the run itself: a tunnel or port-forward that leads to the service has ended"
)


@cause("network", needs=("deployment",))
def endpoint_unreachable(world: World) -> Iterator[Finding]:
    """A service that the run needs does not answer, or not in time.

    Between the run and the service are a firewall, a proxy, a VPN, a security group or a private endpoint; "refused" means
    that the machine answers and nothing listens there, a timeout that nothing comes back at all. What a run has just made
    may take a while before it answers.

    When it is wrong: the service had a bad minute. What was sent may have been done all the same: look before trying again.
    """
    if told := failing(world, _SAID):
        where = told.read(_URL) or told.read(r"dial tcp ([\w.:\[\]-]+\d)")
        what = f"{where or 'a service'} does not answer as it should ({told.found.group()[:60]})"
        hint = [_TUNNEL] if _LOCAL.search(where) else []
        yield told.finding(f"{told.who}: {what}", list(_steps(told)), hint)


def _steps(told: Failing) -> Iterator[Command]:
    if url := told.read(_URL):
        asked = ("curl", "-sS", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", url)
        yield terraform.look(*asked, purpose="see whether it answers where the run runs")
    if told.first.doing == "create" and told.address:
        lost = (
            f"see whether {told.address} was made although the answer was lost; if so, adopt it by {told.tool} import"
        )
        yield terraform.look(told.tool, "state", "list", told.address, purpose=lost)
    patient = "; raise the provider's own HTTP timeout where it has one" if _SLOW.search(told.first.text) else ""
    yield terraform.plan(told.tool, f"try again, once it answers{patient}")

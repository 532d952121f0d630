"""Providers or modules can't be fetched."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"registry service is unreachable|could not connect to [\w.-]+: failed to request discovery"
    r"|Failed to request discovery document"
    r"|could not query provider registry|Error accessing remote module registry"
    r"|failed to retrieve (?:authentication checksums|cryptographic signature)",
    prose=r"Failed to (?:query available provider packages|install provider)[^:]*.*(?:Client\.Timeout"
    r"|connection|dial tcp|timeout|TLS handshake|EOF|\b50\d\b)",
    unless=r"\b429\b|Too Many Requests|x509: |does not have a provider named|no available releases"
    r"|doesn't match any of the checksums",
)


@cause("network", needs=("deployment",))
def provider_registry_unreachable(world: World) -> Iterator[Finding]:
    """The registry that providers or modules come from can't be reached from where the run runs.

    A firewall, a proxy or a VPN stands in between, or the registry had a bad minute. Runs in closed networks need a
    mirror; others gain from a cache of plugins, so that not every run depends on the registry.

    When it is wrong: the registry is up, and only its name or its certificate is the trouble.
    """
    if told := failing(world, _SAID):
        host = told.read(r"(?:connect to|registry for|from|https?://) ?((?:[\w-]+\.)+[a-z]{2,})") or "the registry"
        steps = (
            [
                terraform.look(
                    "curl",
                    "-sS",
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{http_code}",
                    f"https://{host}/.well-known/terraform.json",
                    purpose="see whether it answers where the run runs",
                )
            ]
            if "." in host
            else []
        )
        steps.append(terraform.init(told.tool, "try again, once the registry or a mirror of it can be reached"))
        yield told.finding(f"{told.who}: {host} can't be reached from where the run runs", steps)

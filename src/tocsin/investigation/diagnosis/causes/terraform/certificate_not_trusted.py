"""A certificate that the run does not believe."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"x509: |certificate signed by unknown authority|certificate verify failed"
    r"|self[- ]signed certificate|unable to get local issuer|tls: (?:bad certificate|failed to verify)",
)


@cause("network", needs=("deployment",))
def certificate_not_trusted(world: World) -> Iterator[Finding]:
    """The other side shows a certificate that nobody whom the run trusts has signed.

    Company networks often open encrypted traffic and sign it anew: where their authority is installed all is well, and in
    a container image or on a new machine it is not. A private service may have an authority of its own; a cluster's is
    handed to the provider as cluster_ca_certificate.

    When it is wrong: somebody really sits in between who should not, or the certificate has expired.
    """
    if told := failing(world, _SAID):
        host = told.read(r"https?://([\w.-]+)")
        steps = []
        if host:
            argv = ("openssl", "s_client", "-connect", f"{host}:443", "-servername", host, "-showcerts")
            steps.append(
                terraform.look(*argv, purpose="see who signed it: a name of your own company is a proxy in between")
            )
        purpose = (
            "try again, once that authority is installed where the run runs (or the host is in NO_PROXY); "
            "never switch the check off for good"
        )
        steps.append(terraform.plan(told.tool, purpose))
        yield told.finding(
            f"{told.who}: the certificate of {host or 'the other side'} is not trusted where the run runs", steps
        )

"""No credentials were found at all."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"No valid credential sources?|NoCredentialProviders|No Authorization Tokens were found"
    r"|log-?in with `?az login|could not find default credentials|no EC2 IMDS role found"
    r"|unable to build authorizer|obtain(?:ing)? [\w ]*authorizer|could not (?:configure"
    r"|acquire) [\w ]*(?:authorizer|access token)"
    r"|run:? '?\"?(?:az|gcloud auth[\w -]*|aws sso) login|Attempted to load application default credentials"
    r"|No credentials loaded|endpoint requires auth|Required token could not be found"
    r"|did not find a proper configuration for|failed to get shared config profile"
    r"|failed to refresh cached credentials",
    prose=r"cannot configure (?:default )?credentials|(?:login|sign[- ]?in) (?:is )?required|(?:please|must|need to)"
    r" (?:log|sign) ?in\b|\bno (?:\w+ )?token (?:was |is )?(?:set|given|found|provided)|(?:missing|no"
    r"|without)(?: valid"
    r"| suitable| any)? (?:api )?(?:credentials?|access token"
    r"|api[ _-]?(?:key|token)|auth token)\b"
    r"|(?:credentials?|api[ _-]?(?:key|token)|access[ _-]?token|\btoken)\"? (?:(?:was|were|is|are) not (?:set"
    r"|found|provided|configured)|must be (?:set|provided|specified|configured)|is required|not found)"
    r"|must (?:provide|specify|set|configure)[\w\", ]{0,40}(?:credentials?|token|api[ _-]?key)",
)


# Azure CLI 2.30 keeps its logins in another form than before.
_OLD = (
    "where `az account show` works, the provider is too old for that Azure CLI: azurerm 2.85 or newer reads its logins, "
    "and another `az login` does not help"
)


@cause("authentication", needs=("deployment",))
def credentials_missing(world: World) -> Iterator[Finding]:
    """The provider, or the backend, looked everywhere for credentials and found none.

    Each looks for itself: what a provider block is given the backend does not see. A pipeline lacks them where a secret
    is not handed to this job, for example to one of a fork; a person where a profile is not chosen or a login is missing.

    When it is wrong: there are credentials where it was not allowed to look, such as a metadata service that is cut off.
    """
    if told := failing(world, _SAID):
        steps = [
            *terraform.whoami(told.cloud),
            terraform.plan(told.tool, "see whether credentials are found, once the environment of the run holds them"),
        ]
        hint = [_OLD] if "No Authorization Tokens were found" in told.first.text else []
        if hint:
            steps.append(
                terraform.upgrade(told.tool, "or install a provider that reads the logins of today's Azure CLI")
            )
        yield told.finding(f"{told.who}: no credentials were found ({told.found.group()[:80]})", steps, hint)

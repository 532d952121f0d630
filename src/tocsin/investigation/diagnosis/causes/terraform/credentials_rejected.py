"""Credentials were shown, and nobody believes them."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException"
    r"|ExpiredToken"
    r"|InvalidAccessKeyId|\bAuthFailure\b|AADSTS\d{4,}|invalid_grant|invalid_client\b|unauthorized_client"
    r"|(?:Invalid|Expired)AuthenticationToken|AuthenticationFailed\b|\bUNAUTHENTICATED\b|NotAuthenticated\b"
    r"|SSOProviderInvalidToken"
    r"|security token included in the request is (?:invalid|expired)|(?:token|session|credentials?) (?:is|has"
    r"|have) (?:been )?(?:expired|revoked)"
    r"|Bad credentials|(?:format|value) for (?:the )?Authorization header|endpoint invalid auth"
    r"|failed to fetch oauth token|invalid role or secret|\* invalid token|getting credentials: exec"
    r"|oauth2: (?:cannot fetch token|\"invalid)",
    prose=r"credentials (?:are|were) (?:\w+ (?:or|and) )?(?:invalid|incorrect|wrong|not valid)|Error 1045\b"
    r"|\(using password: (?:YES|NO)\)|(?:token|session|api key) (?:is |has )?(?:not valid|invalid|expired)"
    r"|not authenticated\b|could not validate credentials|\binvalid token\b|invalid_token|(?:error|failed"
    r"|failure|unable|could not|cannot)[\w: ]{0,24}\bauthenticat"
    r"|authentication (?:error|failed|failure|required)"
    r"|incorrect (?:user ?name|password)|password authentication failed|invalid (?:credentials"
    r"|user ?name or password)"
    r"|invalid (?:api|access|auth)[ _-]?(?:key|token)|(?:api|access)[ _-]?(?:key|token) (?:is )?(?:invalid"
    r"|expired)|login failed"
    r"|asked for the client to provide credentials|401 Unauthorized|wrong (?:password|credentials)",
    status=r"(?<![\w.:/-])401(?![\w./-])|(?:status(?: ?code)?|response code|http|error|code)\W{0,4}401\b|(?:^"
    r"|: )Unauthorized\b(?! to )",
    unless=r"not authorized to perform|handshake failed|attempted methods|\(publickey"
    r"|could not read from remote repository",
)
_LOGINS = {
    "azurerm": ("az", "login"),
    "google": ("gcloud", "auth", "application-default", "login"),
    "github": ("gh", "auth", "login"),
}


_CLOCK = "a clock that is wrong has the same effect"
_KEY = re.compile(r"InvalidClientTokenId|security token included in the request is invalid|UnrecognizedClient")
_SESSION = "temporary keys (ASIA…) are unknown without their AWS_SESSION_TOKEN; keys of a region that is off are too"


@cause("authentication", needs=("deployment",))
def credentials_rejected(world: World) -> Iterator[Finding]:
    """The service does not accept the credentials that the run shows: it does not know them, or they have expired.

    They come from the environment, a profile, a login of days ago, or the secrets of the pipeline, and the provider takes
    the first that it finds, which need not be the one that people have in mind. Temporary ones are worth nothing without
    their session token, and a clock that is wrong spoils the signature of the best.

    When it is wrong: the credentials are good but belong to an account or a region where they are not switched on.
    """
    if told := failing(world, _SAID):
        hints = [_CLOCK] if "Signature" in told.found.group() else [_SESSION] if _KEY.search(told.found.group()) else []
        login = _LOGINS.get(told.cloud)
        steps = [*terraform.whoami(told.cloud)]
        if login:
            steps.append(
                terraform.look(
                    *login, purpose="log in again, where a person runs it; in a pipeline, replace its secret"
                )
            )
        steps.append(terraform.plan(told.tool, "see whether the renewed credentials are accepted"))
        yield told.finding(f"{told.who}: the credentials are not accepted ({told.found.group()[:60]})", steps, hints)

"""A token is good, and was made for less."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"insufficient authentication scopes|ACCESS_TOKEN_SCOPE_INSUFFICIENT|\binsufficient_scope\b"
    r"|\bmissing_scope\b",
    prose=r"(?:needs|requires|missing|lacks)[\w: ,\"'-]{0,40}\bscopes?\b",
)


@cause("authentication", needs=("deployment",))
def scope_missing(world: World) -> Iterator[Finding]:
    """The token was made for other interfaces than the one that is called.

    A login asks for a list of scopes, and whatever is not on it stays closed, whatever rights the person has. Default
    logins and the tokens of pipelines have few.

    When it is wrong: the scope is there, and the person behind the token lacks the right.
    """
    if told := failing(world, _SAID):
        service = told.read(r'"service": ?"([\w.-]+)"')
        steps = [*terraform.whoami(told.cloud)]
        if told.cloud == "google":
            again = "--scopes=https://www.googleapis.com/auth/cloud-platform"
            purpose = f"log in again; add the scope of {service or 'the interface that is called'} to the list"
            steps.append(terraform.look("gcloud", "auth", "application-default", "login", again, purpose=purpose))
        steps.append(terraform.plan(told.tool, "see whether the new token reaches further"))
        where = f" of {service}" if service else ""
        yield told.finding(f"{told.who}: the token lacks a scope{where}, whatever its owner may do", steps)

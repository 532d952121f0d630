"""The role of a run may change the world and may not write down that it did."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.grants import grants
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"(?:failed to (?:save|persist|upload|load|read|get|lock)|error (?:saving|loading|refreshing"
    r"|locking|acquiring|uploading)|Unable to (?:access|list))[\w ]{0,60}"
    r"(?:state|workspaces?|bucket|object)\b.{0,300}?(?:AccessDenied\w*|Access Denied|\bForbidden\b"
    r"|AuthorizationPermissionMismatch|AuthorizationFailed|not authorized|\b403\b)",
    unless=r"InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|expired",
)


_NEEDED = (
    "the run needs to list, read and write the state and its lock (s3:ListBucket, GetObject, PutObject, DeleteObject; Storage "
    "Blob Data Contributor; storage.objectAdmin), and to use the key that encrypts it"
)


@cause("permission", needs=("deployment",))
def permission_to_state_missing(world: World) -> Iterator[Finding]:
    """The run may not read, lock or write its state where that is kept.

    A backend has credentials of its own and needs rights of its own: to the object and its folder, to the table or lease
    of the lock, and to the key that encrypts it. Where only writing is lacking, an apply changes everything and then
    cannot write down that it did.

    When it is wrong: the bucket does not exist; to those who may not list, it is "denied" all the same.
    """
    if told := failing(world, _SAID):
        steps = [
            *terraform.whoami(told.cloud),
            *grants(told),
            terraform.look(told.tool, "state", "list", purpose=f"see whether the state can be read at all; {_NEEDED}"),
        ]
        refusal = told.read(
            r"(AccessDenied\w*|Access Denied|AuthorizationPermissionMismatch|AuthorizationFailed"
            r"|[Ff]orbidden|403)"
        )
        deed = "write" if told.deployment.run.state_not_saved or "sav" in told.first.text else "use"
        yield told.finding(f"the run may not {deed} its state: {refusal}", steps)

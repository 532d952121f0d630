"""The place of the state is not there."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"BucketRegionError|relation \"[\w.]*\bstates\" does not exist|Failed to decode current backend config"
    r"|(?:state|backend"
    r"|workspaces?)\b.*(?:NoSuchBucket|bucket does not exist|ContainerNotFound"
    r"|bucket doesn't exist|ResourceGroupNotFound|StorageAccountNotFound)"
    r"|S3 bucket \"?[\w.-]*\"? ?does not exist|requested table[\w ]*not found",
    prose=r"loading the backend configuration|Unable to access object|Error (?:migrating"
    r"|copying) (?:the )?(?:state|workspace)"
    r"|Failed to get existing workspaces|Failed to (?:load|read|get) (?:the )?(?:state|backend)"
    r"|error (?:loading|refreshing) (?:the )?state|Error (?:configuring"
    r"|initializing) (?:the )?(?:\w+ )?backend",
    unless=r"InvalidClientTokenId|(?:requires|invalid) auth\b|ExpiredToken|AccessDenied|\b403\b"
    r"|does not have the expected content"
    r"|connection refused|no such host|x509|credential|created by (?:Terraform|OpenTofu)"
    r"|1 error occurred: \* 1",
)


@cause("state_backend", needs=("deployment",))
def backend_not_found(world: World) -> Iterator[Finding]:
    """The backend can't read its state: the bucket, container, table or file is not there or not readable.

    It has to exist before the first init; the configuration that uses it can't make it. Its name, region and account are
    settings of the backend alone and are not taken from the provider.

    When it is wrong: it exists, and those who may not list it are told that it does not.
    """
    if told := failing(world, _SAID):
        bucket = told.read(r"[Bb]ucket \"([\w.-]+)\"") or told.read(r"s3://([\w.-]+)")
        steps = (
            [
                terraform.look(
                    "aws",
                    "s3api",
                    "head-bucket",
                    "--bucket",
                    bucket,
                    purpose=f"see whether {bucket} exists, and in which region",
                )
            ]
            if bucket
            else []
        )
        steps.append(terraform.look(told.tool, "workspace", "list", purpose="see whether the backend answers at all"))
        steps.append(
            terraform.init(
                told.tool,
                "connect again, once the place of the state exists and its name, region and account are right",
                "-reconfigure",
            )
        )
        yield told.finding(
            f"the backend can't read its state{' in ' + bucket if bucket else ''}: {told.first.summary[:120]}", steps
        )

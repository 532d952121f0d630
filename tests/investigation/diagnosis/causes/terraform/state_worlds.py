"""Runs in which the causes about the state fire."""

from tests.investigation.deployments import error, failed

BUCKET = "aws_s3_bucket.logs"
LOCK = (
    "Lock Info:",
    "  ID:        1f3e2a8c-0000-4000-8000-0123456789ab",
    "  Path:      prod.tfstate",
    "  Operation: OperationTypeApply",
    "  Who:       ci@runner-4",
    "  Version:   1.9.5",
    "  Created:   2026-03-01 11:40:00 UTC",
)
STATE = "Error saving state: failed to upload state:"
UNDONE = error(
    "Failed to persist state to backend",
    "The state has been",
    'written to the file "errored.tfstate" in the current working directory.',
)

FIRES: dict[str, bytes] = {
    "state-damaged": failed(
        error("Error refreshing state: decoding state: invalid character '<' looking for beginning of value")
    ),
    "state-digest-differs": failed(
        error("Error refreshing state: state data in S3 does not have the expected content.")
    ),
    "state-from-newer-version": failed(
        error(
            "Error refreshing state: state snapshot was created by Terraform v1.9.5, which is newer than current v1.5.7"
        )
    ),
    "state-lineage-differs": failed(
        error(
            "Failed to save state", "The lineage provided in the state file does not match the value currently known."
        )
    ),
    "state-lock-orphaned": failed(
        error(
            "Error acquiring the state lock",
            "state blob is already locked",
            'blob metadata "terraformlockid" was empty',
        )
    ),
    "state-lock-unwritable": failed(
        error(
            "Error acquiring the state lock", "Error message: open states/terraform.tfstate: no such file or directory"
        )
    ),
    "state-locked": failed(
        error(
            "Error acquiring the state lock",
            "Error message: ConditionalCheckFailedException: The conditional request failed",
            *LOCK,
        )
    ),
    "state-lost-track": failed(
        error(
            "creating IAM Role (app): EntityAlreadyExists: Role with name app already exists.", at="aws_iam_role.app"
        ),
        error("creating S3 Bucket (logs): BucketAlreadyOwnedByYou: you already own it", at=BUCKET),
        error(
            "creating Log Group (app): ResourceAlreadyExistsException: The specified log group already exists",
            at="aws_cloudwatch_log_group.app",
        ),
        error("creating Key Pair (app): InvalidKeyPair.Duplicate: The keypair already exists", at="aws_key_pair.app"),
    ),
    "state-not-saved": failed(error("Failed to save state", STATE, "RequestError: send request failed"), UNDONE),
    "state-schema-unknown": failed(
        error(
            "Failed to decode resource from state",
            'Error decoding "aws_s3_bucket.logs" from previous state: unsupported attribute "website_domain"',
        )
    ),
}

"""For each cause a near miss: it differs from the run in which the cause fires in the one fact that matters."""

from tests.investigation.deployments import error, failed
from tests.investigation.diagnosis.causes.terraform.state_worlds import BUCKET
from tests.investigation.diagnosis.causes.terraform.worlds import FIRES, PLAN

QUIET: dict[str, bytes] = {
    "address-not-allowed": failed(
        error(
            'checking for presence of existing Secret: StatusCode=403 Code="Forbidden" Message="The user does not have '
            "secrets get permission on key vault 'shop'",
            at="azurerm_key_vault_secret.db",
        )
    ),
    "address-range-taken": failed(error('"cidr_block": conflicts with ipv4_ipam_pool_id', at="aws_subnet.a")),
    "already-exists": FIRES["soft-deleted-name"],
    "argument-of-another-version": FIRES["configuration-invalid"],
    "backend-not-found": failed(error("Error refreshing state: AccessDenied: Access Denied")),
    "backend-settings-wrong": failed(
        error("Missing required argument", 'The argument "key" is required, but no definition was found.')
    ),
    "capacity-lacking": failed(
        error(
            "creating Linux Virtual Machine: OperationNotAllowed: exceeding approved Total Regional Cores "
            "quota in location 'westeurope'",
            at="azurerm_linux_virtual_machine.web",
        )
    ),
    "certificate-not-trusted": FIRES["host-not-resolved"],
    "changed-meanwhile": failed(
        error(
            'deployments.apps "web" is forbidden: User "ci" cannot patch resource "deployments"',
            at="kubernetes_deployment.web",
        )
    ),
    # An apply that came to a good end has put it back.
    "changed-outside": failed(
        "Apply complete! Resources: 0 added, 1 changed, 0 destroyed.", exit_code=0, command="apply", plan=PLAN
    ),
    "checksum-mismatch": FIRES["platform-lacking"],
    "condition-failed": FIRES["value-rejected"],
    "configuration-invalid": FIRES["keys-not-known"],
    "credentials-missing": FIRES["credentials-rejected"],
    "credentials-rejected": failed(
        error(
            "api error UnauthorizedOperation: User: arn:aws:iam::111122223333:user/ci is not authorized to "
            "perform: ec2:CreateVpc",
            at="aws_vpc.net",
        )
    ),
    "custom-kind-missing": FIRES["provider-not-configured"],
    "cycle": FIRES["keys-not-known"],
    "destroy-prevented": FIRES["still-in-use"],
    "disk-full": FIRES["checksum-mismatch"],
    "endpoint-unreachable": FIRES["provider-not-configured"],
    "import-failed": FIRES["object-gone"],
    "keys-not-known": failed(
        error(
            "Invalid for_each argument",
            'The given "for_each" argument value is unsuitable: the value must be a map, or set of strings.',
            at=BUCKET,
        )
    ),
    "kind-misspelled": failed(
        error('no matches for kind "Ingress" in group "networking.k8s.io"', at="kubernetes_manifest.cert")
    ),
    "legacy-provider-address": FIRES["provider-configuration-removed"],
    "machine-login-refused": failed(
        error(
            "remote-exec provisioner error",
            "timeout - last error: dial tcp 192.0.2.7:22: i/o timeout",
            at="aws_instance.web",
        )
    ),
    "module-source-refused": failed(
        error(
            "Failed to download module",
            'Could not download module "net" (main.tf:4): dial tcp: lookup git.example.org: no such host',
        )
    ),
    "host-not-resolved": FIRES["endpoint-unreachable"],
    "nodes-do-not-join": failed(
        error(
            "waiting for EKS Node Group (shop:workers-1) create: AsgInstanceLaunchFailures: You've reached "
            "your quota for maximum Fleet Requests for this account.",
            at="aws_eks_node_group.workers",
        )
    ),
    "not-initialised": FIRES["versions-disagree"],
    "not-ready-yet": FIRES["release-locked"],
    # What is looked up by a data source was never the state's.
    "object-gone": failed(
        error(
            "reading S3 Bucket (shop-logs): NoSuchBucket: The specified bucket does not exist",
            at="data.aws_s3_bucket.logs",
        ),
        command="plan",
    ),
    "operation-timed-out": failed(
        error("timeout - last error: dial tcp 192.0.2.7:22: i/o timeout", at="aws_instance.web")
    ),
    "permission-missing": FIRES["policy-denied"],
    "permission-to-state-missing": FIRES["state-not-saved"],
    "platform-lacking": FIRES["checksum-mismatch"],
    "policy-check-failed": failed(
        "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
        exit_code=0,
        policies=[{"engine": "conftest", "rule": "no-public-buckets", "status": "passed"}],
    ),
    "policy-denied": FIRES["permission-missing"],
    "program-missing": FIRES["provisioner-failed"],
    "provider-configuration-removed": FIRES["legacy-provider-address"],
    "provider-contradicts-itself": FIRES["provider-crashed"],
    "provider-crashed": FIRES["tool-crashed"],
    "provider-not-configured": failed(
        error(
            'Post "http://127.0.0.1:9/v1/mounts": dial tcp 127.0.0.1:9: connect: connection refused',
            at="vault_mount.kv",
        )
    ),
    "provider-source-wrong": FIRES["versions-disagree"],
    "provisioner-failed": failed(
        "terraform_data.migrate (local-exec): Error running the migration, will try again",
        "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
        exit_code=0,
    ),
    "account-quota-exceeded": FIRES["throttled"],
    "reference-not-found": FIRES["object-gone"],
    "provider-registry-unreachable": FIRES["provider-source-wrong"],
    "release-locked": FIRES["operation-timed-out"],
    "removed-api-version": FIRES["custom-kind-missing"],
    "run-stopped": failed(
        "aws_db_instance.main: Creation complete after 5m2s [id=main]",
        "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
        exit_code=0,
    ),
    "scope-missing": failed(
        error(
            "googleapi: Error 403: Required 'run.services.create' permission for 'projects/shop', forbidden",
            at="google_project_service.run",
        )
    ),
    "service-not-enabled": failed(
        error(
            "googleapi: Error 403: Required 'compute.networks.create' permission for 'projects/shop', forbidden",
            at="google_compute_network.net",
        )
    ),
    "soft-deleted-name": FIRES["already-exists"],
    "stale-plan": failed(error("Failed to load saved plan", "open tfplan: no such file or directory")),
    "state-damaged": FIRES["state-from-newer-version"],
    "state-digest-differs": FIRES["backend-not-found"],
    "state-from-newer-version": FIRES["state-damaged"],
    "state-lineage-differs": FIRES["state-not-saved"],
    "state-lock-orphaned": FIRES["state-locked"],
    "state-lock-unwritable": FIRES["state-locked"],
    "state-locked": FIRES["state-lock-orphaned"],
    # Many of one kind may just be a name that is taken.
    "state-lost-track": failed(
        *(
            error(
                f"creating S3 Bucket (logs-{n}): BucketAlreadyOwnedByYou: you already own it",
                at=f"aws_s3_bucket.logs[{n}]",
            )
            for n in range(5)
        )
    ),
    "state-not-saved": FIRES["state-digest-differs"],
    "state-schema-unknown": FIRES["object-gone"],
    "still-in-use": FIRES["destroy-prevented"],
    "throttled": FIRES["account-quota-exceeded"],
    "tool-crashed": FIRES["provider-crashed"],
    "value-rejected": FIRES["not-ready-yet"],
    "input-variable-missing": FIRES["condition-failed"],
    "versions-disagree": FIRES["checksum-mismatch"],
}

"""For each cause a run in which it fires."""

from tests.investigation.deployments import error, failed
from tests.investigation.diagnosis.causes.terraform import state_worlds
from tests.investigation.diagnosis.causes.terraform.state_worlds import BUCKET, STATE, UNDONE

HELM, GROUP = "helm_release.proxy", "azurerm_resource_group.web"
PLAN = {"resource_drift": [{"address": BUCKET, "change": {"actions": ["update"]}}]}

FIRES: dict[str, bytes] = state_worlds.FIRES | {
    "address-not-allowed": failed(
        error(
            "checking for presence of existing Secret: StatusCode=403 -- Original Error: autorest/azure: Service "
            'returned an error. Status=403 Code="Forbidden" Message="Client address is not authorized and caller is not a '
            'trusted service. Client address: 192.0.2.7" InnerError={"code":"ForbiddenByFirewall"}',
            at="azurerm_key_vault_secret.db",
        )
    ),
    "address-range-taken": failed(
        error(
            "creating EC2 Subnet: InvalidSubnet.Conflict: The CIDR '10.1.2.0/24' conflicts with another subnet",
            at="aws_subnet.a",
        )
    ),
    "already-exists": failed(
        error("creating IAM Role (app): EntityAlreadyExists: Role with name app already exists.", at="aws_iam_role.app")
    ),
    "argument-of-another-version": failed(
        error(
            "Unsupported argument",
            'An argument named "acl" is not expected here.',
            at=BUCKET,
            file=".terraform/modules/logs/main.tf",
        )
    ),
    "backend-not-found": failed(error('Failed to get existing workspaces: S3 bucket "states" does not exist.')),
    "backend-settings-wrong": failed(
        error("Missing Required Value", 'The attribute "key" is required by the backend.')
    ),
    "capacity-lacking": failed(
        error(
            "creating Linux Virtual Machine: performing CreateOrUpdate: unexpected status 409 (409 Conflict) "
            "with error: SkuNotAvailable: The requested VM size 'Standard_D4s_v5' is not available in "
            "location 'westeurope'.",
            at="azurerm_linux_virtual_machine.web",
        )
    ),
    "certificate-not-trusted": failed(
        error('Get "https://api.example.org/v1": x509: certificate signed by unknown authority', at="data.http.ranges")
    ),
    "changed-meanwhile": failed(
        error(
            'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please '
            "apply your changes to the latest version",
            at="kubernetes_deployment.web",
        )
    ),
    "changed-outside": failed(
        "Terraform will perform the following actions:",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
        exit_code=2,
        command="plan",
        plan=PLAN,
    ),
    "checksum-mismatch": failed(
        error(
            "Failed to install provider",
            "Error while installing hashicorp/local v2.1.0: the local package for",
            "registry.terraform.io/hashicorp/local 2.1.0 doesn't match any of the checksums",
            "previously recorded in the dependency lock file",
        )
    ),
    "condition-failed": failed(
        error("Resource precondition failed", "Production runs on two zones at least.", at="aws_db_instance.main")
    ),
    "configuration-invalid": failed(
        error("Unsupported argument", 'An argument named "acl" is not expected here.', at=BUCKET)
    ),
    "credentials-missing": failed(
        error("No valid credential sources found", "Please see the documentation of the provider.")
    ),
    "credentials-rejected": failed(
        error(
            "validating provider credentials: api error ExpiredToken: The security token included in the "
            "request is expired"
        )
    ),
    "custom-kind-missing": failed(
        error(
            "Failed to determine GroupVersionResource for manifest",
            'no matches for kind "Certificate" in group "cert-manager.io"',
            at="kubernetes_manifest.cert",
        )
    ),
    "cycle": failed(error("Cycle: aws_security_group.a, aws_security_group.b")),
    "destroy-prevented": failed(
        error(
            "Instance cannot be destroyed",
            "Resource aws_db_instance.main has lifecycle.prevent_destroy set, but the plan",
            "calls for this resource to be destroyed.",
        )
    ),
    "disk-full": failed(error("Failed to install provider", "write .terraform/providers/aws: no space left on device")),
    "endpoint-unreachable": failed(
        error(
            'Get "https://10.4.0.9:6443/api/v1/namespaces": dial tcp 10.4.0.9:6443: i/o timeout',
            at="kubernetes_namespace.shop",
        )
    ),
    "import-failed": failed(
        error(
            "Cannot import non-existent remote object",
            'While attempting to import an existing object to "aws_s3_bucket.logs", the provider detected '
            "that no object exists with the given id.",
        )
    ),
    "keys-not-known": failed(
        error(
            "Invalid for_each argument",
            'The "for_each" set includes values derived from resource attributes that cannot be determined until apply',
            at=BUCKET,
        )
    ),
    "kind-misspelled": failed(
        error('no matches for kind "Certificates" in group "cert-manager.io"', at="kubernetes_manifest.cert")
    ),
    "legacy-provider-address": failed(
        error(
            "Provider configuration not present",
            "To work with aws_s3_bucket.logs its original provider configuration at "
            'provider["registry.terraform.io/-/aws"] is required, but it has been removed.',
        )
    ),
    "machine-login-refused": failed(
        error(
            "remote-exec provisioner error",
            "timeout - last error: SSH authentication failed (admin@192.0.2.7:22): ssh: handshake failed: "
            "ssh: unable to authenticate, attempted methods [none publickey]",
            at="aws_instance.web",
        )
    ),
    "module-source-refused": failed(
        error(
            "Failed to download module",
            'Could not download module "net" (main.tf:4) source code from',
            '"git::ssh://git@git.example.org/infra/net.git": error downloading: /usr/bin/git exited with 128: '
            "git@git.example.org: Permission denied (publickey).",
            "fatal: Could not read from remote repository.",
        )
    ),
    "host-not-resolved": failed(
        error(
            'Get "https://vault.internal.example/v1": dial tcp: lookup vault.internal.example: no such host',
            at="vault_mount.kv",
        )
    ),
    "nodes-do-not-join": failed(
        error(
            "waiting for EKS Node Group (shop:workers-1) create: unexpected state 'CREATE_FAILED'. last "
            "error: i-0123456789abcdef0: NodeCreationFailure: Instances failed to join the kubernetes cluster",
            at="aws_eks_node_group.workers",
        )
    ),
    "not-initialised": failed(
        error(
            'Backend initialization required, please run "terraform init"',
            'Reason: Initial configuration of the requested backend "s3"',
        )
    ),
    "not-ready-yet": failed(
        error(
            "creating Lambda Function (thumbs): InvalidParameterValueException: The role defined for the "
            "function cannot be assumed by Lambda.",
            at="aws_lambda_function.thumbs",
        )
    ),
    "object-gone": failed(
        "aws_s3_bucket.logs: Refreshing state... [id=shop-logs]",
        error("reading S3 Bucket (shop-logs): NoSuchBucket: The specified bucket does not exist", at=BUCKET),
        command="plan",
    ),
    "operation-timed-out": failed(
        error(
            "waiting for RDS Cluster (main) create: timeout while waiting for state to become 'available' "
            "(last state: 'creating', timeout: 2h0m0s)",
            at="aws_rds_cluster.main",
        )
    ),
    "permission-missing": failed(
        error(
            "creating EC2 VPC: api error UnauthorizedOperation: User: arn:aws:iam::111122223333:user/ci is "
            "not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:eu-west-1:111122223333:vpc/*",
            at="aws_vpc.net",
        )
    ),
    "permission-to-state-missing": failed(error("Failed to save state", STATE, "AccessDenied: Access Denied"), UNDONE),
    "platform-lacking": failed(
        error(
            "Incompatible provider version",
            "Provider registry.terraform.io/hashicorp/template v2.2.0 does not have a package available for "
            "your current platform, darwin_arm64.",
        )
    ),
    "policy-check-failed": failed(
        "Plan: 1 to add, 0 to change, 0 to destroy.",
        policies=[
            {
                "engine": "conftest",
                "rule": "no-public-buckets",
                "status": "failed",
                "severity": "high",
                "resource": BUCKET,
                "message": "the bucket is public",
            }
        ],
    ),
    "policy-denied": failed(
        error(
            'creating Resource Group: StatusCode=403 -- Code="RequestDisallowedByPolicy" Message="Resource '
            "'web' was disallowed by policy. Reasons: 'Tags must be set.'\"",
            at=GROUP,
        )
    ),
    "program-missing": failed(
        error(
            "local-exec provisioner error",
            'exec: "aws-iam-authenticator": executable file not found in $PATH',
            at="kubernetes_namespace.shop",
        )
    ),
    "provider-configuration-removed": failed(
        error(
            "Provider configuration not present",
            "To work with local_file.x its original provider configuration at "
            'provider["registry.terraform.io/hashicorp/local"].west is required, but it has been removed.',
        )
    ),
    "provider-contradicts-itself": failed(
        error(
            "Provider produced inconsistent result after apply",
            'When applying changes to ad_ou.it, provider "provider[\\"registry.terraform.io/hashicorp/ad\\"]" '
            "produced an unexpected new value: Root resource was present, but now absent.",
        )
    ),
    "provider-crashed": failed(
        error(
            "Plugin did not respond",
            "The plugin encountered an error, and failed to respond to the plugin.(*GRPCProvider).ReadResource call.",
            at=BUCKET,
        )
    ),
    "provider-not-configured": failed(
        error(
            'Post "http://localhost/api/v1/namespaces": dial tcp 127.0.0.1:80: connect: connection refused',
            at="kubernetes_namespace.shop",
        )
    ),
    "provider-source-wrong": failed(
        error(
            "Failed to query available provider packages",
            "Could not retrieve the list of available versions for provider hashicorp/docker: provider "
            "registry registry.terraform.io does not have a provider named "
            "registry.terraform.io/hashicorp/docker",
            "Did you intend to use kreuzwerker/docker?",
        )
    ),
    "provisioner-failed": failed(
        error(
            "local-exec provisioner error",
            "Error running command './migrate.sh': exit status 3. Output: relation missing",
            at="terraform_data.migrate",
        )
    ),
    "account-quota-exceeded": failed(
        error("creating EC2 VPC: VpcLimitExceeded: The maximum number of VPCs has been reached.", at="aws_vpc.net")
    ),
    "reference-not-found": failed(
        "aws_instance.web: Creating...",
        error(
            "creating EC2 Instance: InvalidKeyPair.NotFound: The key pair 'deploy' does not exist",
            at="aws_instance.web",
        ),
    ),
    "provider-registry-unreachable": failed(
        error(
            "Failed to query available provider packages",
            "Could not retrieve the list of available versions for provider hashicorp/aws: could not connect "
            "to registry.terraform.io: failed to request discovery document: Get "
            '"https://registry.terraform.io/.well-known/terraform.json": net/http: request canceled while '
            "waiting for connection (Client.Timeout exceeded while awaiting headers)",
        )
    ),
    "release-locked": failed(error("another operation (install/upgrade/rollback) is in progress", at=HELM)),
    "removed-api-version": failed(
        error(
            'unable to build kubernetes objects: no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"',
            at=HELM,
        )
    ),
    "run-stopped": failed(
        "aws_db_instance.main: Creating...",
        "aws_db_instance.main: Still creating... [10s elapsed]",
        exit_code=137,
        command="apply",
        interrupted="killed",
    ),
    "scope-missing": failed(
        error("googleapi: Error 403: Request had insufficient authentication scopes.", at="google_project_service.run")
    ),
    "service-not-enabled": failed(
        error(
            "googleapi: Error 403: Compute Engine API has not been used in project 123456789 before or it is "
            "disabled. Enable it by visiting "
            "https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=123456789, "
            "accessNotConfigured",
            at="google_compute_network.net",
        )
    ),
    "soft-deleted-name": failed(
        error(
            'creating Key: StatusCode=409 Message="Key disk is currently in a deleted but recoverable state"',
            at="azurerm_key_vault_key.disk",
        )
    ),
    "stale-plan": failed(
        error(
            "Saved plan is stale",
            "The given plan file can no longer be applied because the state was changed by another operation "
            "after the plan was created.",
        )
    ),
    "still-in-use": failed(
        error(
            "deleting EC2 VPC (vpc-0123456789): DependencyViolation: The vpc 'vpc-0123456789' has "
            "dependencies and cannot be deleted.",
            at="aws_vpc.net",
        ),
        command="destroy",
    ),
    "throttled": failed(
        error("reading Route 53 Record: Throttling: Rate exceeded, status code: 400", at="aws_route53_record.www")
    ),
    "tool-crashed": failed(
        "!!!!!!!!!!!!!!!!!!!!!!!!!!! TERRAFORM CRASH !!!!!!!!!!!!!!!!!!!!!!!!!!!!",
        "Terraform crashed! This is always indicative of a bug within Terraform.",
    ),
    "value-rejected": failed(
        error("creating ELB: ValidationError: LoadBalancer name cannot be longer than 32 characters", at="aws_lb.web")
    ),
    "input-variable-missing": failed(
        error(
            "No value for required variable",
            'The root module input variable "region" is not set, and has no default value.',
        )
    ),
    "versions-disagree": failed(
        error(
            "Failed to query available provider packages",
            "Could not retrieve the list of available versions for provider hashicorp/aws: no available "
            "releases match the given constraints ~> 3.0, >= 4.0",
        )
    ),
}

"""How tools, providers and services word a failure, and the category that it belongs to."""

import pytest

from tests.investigation.deployments import error, report

WORDINGS = [
    ("authentication", "Invalid request headers (6003): Invalid format for Authorization header (6111)"),
    ("authentication", "Failed to get existing workspaces: HTTP remote state endpoint requires auth"),
    ("authentication", "no vault token set on Client"),
    (
        "authentication",
        "could not download chart: failed to fetch oauth token: unexpected status: 403 Forbidden: denied",
    ),
    ("already_exists", "refusing to overwrite existing file: configure `overwrite_on_create` to override"),
    (
        "configuration_error",
        "template: web/templates/app.yaml:24:20: executing at <.Values.image.tag>: nil pointer evaluating",
    ),
    ("configuration_error", "Moved object still exists"),
    ("configuration_error", "Ephemeral value not allowed"),
    ("configuration_error", "Provider function not found"),
    ("configuration_error", "Variable not provided via -var, tfvars files, or env"),
    ("configuration_error", "Upgrade to a Team plan to enable this feature."),
    (
        "dependency_ordering",
        "failed to create instance because the network doesn't have at least 1 private services connection",
    ),
    ("network", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"),
    ("network", "Client with IP address '192.0.2.7' is not allowed to access the server"),
    ("network", "pq: no pg_hba.conf entry for host 192.0.2.7, user app"),
    (
        "not_found",
        "Unable to read image: Error response from daemon: manifest for shop/web:9 not found: manifest unknown",
    ),
    (
        "policy",
        "googleapi: Error 412: 'us-central1' violates constraint 'constraints/gcp.resourceLocations', conditionNotMet",
    ),
    (
        "policy",
        "googleapi: Error 403: Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x",
    ),
    ("provider_bug", "rpc error: code = Unavailable desc = error reading from server: EOF"),
    (
        "quota_capacity",
        "googleapi: Error 403: Insufficient regional quota to satisfy request: resource CPUS, forbidden",
    ),
    ("quota_capacity", "creating this droplet will exceed your droplet limit"),
    ("state_backend", 'pq: relation "terraform_remote_state.states" does not exist'),
    ("validation", "failed to create DNS record: DNS Validation Error (1004)"),
    ("validation", 'expected "engine_version" to be one of ["5.7" "8.0"], got 9.1'),
    ("validation", "Test assertion failed"),
    ("version_constraint", "the cached package for hashicorp/aws 5.1.0 does not match any of the checksums recorded"),
    ("already_exists", "SSH key not unique (uniqueness_error)"),
    (
        "authentication",
        "could not connect to server: Error 1045 (28000): Access denied for user 'ci' (using password: YES)",
    ),
    ("authentication", "POST https://cloud.example.org/api/groups: 401 (request x) for this resource."),
    ("authentication", "error creating service: 401 - Unauthorized: Provided credentials are missing or invalid"),
    ("configuration_error", "Mismatch between input and plan variable value"),
    ("dependency_ordering", 'pq: role "app" cannot be dropped because some objects depend on it'),
    (
        "dependency_ordering",
        "InvalidDBInstanceState: Instance d is currently creating - must be available to be deleted",
    ),
    ("quota_capacity", "unexpected state 'ERROR', wanted target 'ACTIVE'. last error: No valid host was found."),
    ("rate_limit", "could not query provider registry for registry.terraform.io/hashicorp/aws: 429 Too Many Requests"),
    ("state_drift", "status: 412, body: The dashboard has been changed by someone else"),
    ("validation", "final_snapshot_identifier is required when skip_final_snapshot is false"),
    ("version_constraint", "plan files cannot be transferred between different Terraform versions"),
]


@pytest.mark.parametrize(("category", "words"), WORDINGS)
def test_a_wording_belongs_to_its_category(category: str, words: str) -> None:
    assert report(error(words)).hypotheses[0].category == category

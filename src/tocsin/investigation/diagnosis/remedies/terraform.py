"""Commands of Terraform and OpenTofu, and of the clouds' own tools where they settle what Terraform cannot."""

import json
import re
from collections.abc import Sequence

from tocsin.deployments.terraform.parsed import LockInfo
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify

_NO_ERROR = "no error, and only the changes that are wanted"


def planned(tool: str) -> Verify:
    """Verify that a plan is free of errors."""
    return Verify((tool, "plan"), _NO_ERROR)


def look(*argv: str, purpose: str, before: str = "") -> Command:
    """Build a command that only reads."""
    return Command(argv, purpose, "read-only", before)


def plan(tool: str, purpose: str, *options: str, before: str = "") -> Command:
    """See what would be changed; `before` says what to write into the configuration first."""
    return Command((tool, "plan", *options), purpose, "read-only", before)


def keep_state(tool: str) -> tuple[Command, ...]:
    """Save the state that could not be written: before anything is applied again."""
    return (
        look(
            *("cp", "errored.tfstate", "errored.tfstate.backup"),
            purpose="do not apply again: keep a copy of errored.tfstate, the only record of what was created",
        ),
        Command(
            (tool, "state", "push", "errored.tfstate"),
            "write the saved state to the backend, once the backend can be written again",
            "irreversible",
            before=f"what kept the state from being written is mended, and `{tool} state pull` shows nobody "
            f"wrote a newer one",
            verify=Verify((tool, "plan"), "no resource is to be created that the failed apply has made already"),
        ),
    )


def adopt(tool: str, address: str, identity: str) -> Command:
    """Take an existing object into the state."""
    return Command(
        (tool, "import", address, identity),
        f"adopt the existing object as {address}",
        "reversible",
        before=f"{identity} is the object you mean, and no other state manages it",
        undo=Undo((tool, "state", "rm", address)),
        verify=Verify((tool, "plan"), f"{address} is not to be created"),
    )


def forget(tool: str, address: str, identity: str = "") -> Command:
    """Take an object out of the state, without touching it."""
    return Command(
        (tool, "state", "rm", address),
        f"forget {address}; the next apply creates it again, as far as the configuration still wants it",
        "reversible" if identity else "irreversible",
        before=f"the object is really gone, and `{tool} state pull` is saved to a file",
        undo=Undo((tool, "import", address, identity)) if identity else None,
        verify=Verify((tool, "plan"), f"{address} is to be created, or is not mentioned any more"),
    )


def release(tool: str, address: str) -> Command:
    """Take an object out of the state that is to live on without the tool."""
    return Command(
        (tool, "state", "rm", address),
        f"or let go of {address}: it lives on, and {tool} does not know it any more",
        "irreversible",
        before=f"nobody wants {tool} to delete it, and `{tool} state pull` is saved to a file",
        verify=Verify((tool, "plan"), f"{address} is not mentioned any more"),
    )


def untaint(tool: str, address: str) -> Command:
    """Keep a resource that would be made anew because its provisioner failed."""
    return Command(
        (tool, "untaint", address),
        f"keep {address} as it is, where the command was not essential or was run by hand since",
        "reversible",
        before="the resource is whole without the command",
        undo=Undo((tool, "taint", address)),
        verify=Verify((tool, "plan"), f"{address} is not to be replaced"),
    )


def unlock(tool: str, lock: LockInfo) -> Command:
    """Remove a lock that nobody holds any more."""
    since = f" since {lock.created}" if lock.created else ""
    return Command(
        (tool, "force-unlock", lock.id),
        f"remove the lock of {lock.who or 'an unknown holder'}{since}",
        "irreversible",
        before=f"no run of {lock.who or 'anybody'} is going on: unlocking under a running "
        f"{lock.operation.removeprefix('OperationType').lower() or 'apply'} damages the state",
        verify=Verify((tool, "plan"), "no error about a lock"),
    )


def init(tool: str, purpose: str, *options: str, before: str = "") -> Command:
    """Install providers and modules, and connect the backend."""
    return Command(
        (tool, "init", *options),
        purpose,
        "reversible",
        before=before,
        undo=Undo(("git", "checkout", "--", ".terraform.lock.hcl")),
        verify=Verify((tool, "validate"), "the configuration is valid"),
    )


def upgrade(tool: str, purpose: str, before: str = "") -> Command:
    """Choose versions anew, within the constraints of the configuration."""
    return init(
        tool, purpose, "-upgrade", before=before or "the constraints in required_providers allow the version wanted"
    )


def lock_providers(tool: str, options: Sequence[str], provider: str) -> Command:
    """Write the checksums of several platforms into the lock file."""
    return Command(
        (tool, "providers", "lock", *options, *((provider,) if provider else ())),
        "write the checksums of all platforms that are used into .terraform.lock.hcl",
        "reversible",
        before="the package is the registry's: a mirror or a download that was tampered with looks the same",
        undo=Undo(("git", "checkout", "--", ".terraform.lock.hcl")),
        verify=Verify((tool, "init", "-lockfile=readonly"), "successfully initialized"),
    )


def rename_provider(tool: str, old: str, new: str) -> Command:
    """Tell the state a provider's new name."""
    return Command(
        (tool, "state", "replace-provider", "-auto-approve", old, new),
        f"tell the state that {old} is {new}",
        "reversible",
        before=f"{new} is the successor, and `{tool} state pull` is saved to a file",
        undo=Undo((tool, "state", "replace-provider", "-auto-approve", new, old)),
        verify=Verify((tool, "providers"), f"{old} is named no more"),
    )


def again(tool: str, purpose: str, *options: str, before: str = "") -> Command:
    """Apply once more."""
    return Command(
        (tool, "apply", *options),
        purpose,
        "irreversible",
        before=before or "the plan that it shows contains only what is wanted",
        verify=Verify((tool, "plan"), "no changes"),
    )


def trace(tool: str) -> Command:
    """See every request of the provider."""
    return look(
        "env", "TF_LOG_PROVIDER=DEBUG", tool, "plan", purpose="see which request fails, and what is answered to it"
    )


def shown(tool: str, address: str) -> Command:
    """See what the state knows of a resource."""
    return look(tool, "state", "show", address, purpose=f"see what the state holds of {address}, its id among it")


# --- who may do what -----------------------------------------------------------------------------------------------

_ROLE = re.compile(
    r"arn:aws[\w-]*:(?:sts|iam)::\d+:(?P<kind>assumed-role|role"
    r"|user)/(?:[\w+=,.@-]+/)*?(?P<name>[\w+=,.@-]+)(?:/[\w+=,.@-]+)?$"
)


def whoami(provider: str) -> tuple[Command, ...]:
    """See as whom the provider acts, by the cloud's own tool; nothing where that has none."""
    argv: dict[str, Sequence[str]] = {
        "aws": ("aws", "sts", "get-caller-identity"),
        "azurerm": ("az", "account", "show"),
        "azuread": ("az", "account", "show"),
        "google": ("gcloud", "auth", "list"),
        "kubernetes": ("kubectl", "auth", "whoami"),
        "helm": ("kubectl", "auth", "whoami"),
        "github": ("gh", "auth", "status"),
        "vault": ("vault", "token", "lookup"),
    }
    known = argv.get(provider)
    return (look(*known, purpose="see as whom the run acts"),) if known else ()


def allow_aws(principal: str, actions: Sequence[str], resource: str) -> Command | None:
    """Add the missing statement to a role or user named by its ARN; None for any other principal."""
    named = _ROLE.search(principal)
    if not named or not actions:
        return None
    kind = "user" if named["kind"] == "user" else "role"
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource or "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    who = (f"--{kind}-name", named["name"], "--policy-name", "deployment-additions")
    return Command(
        ("aws", "iam", f"put-{kind}-policy", *who, "--policy-document", policy),
        f"allow {', '.join(actions)} to {kind} {named['name']}",
        "reversible",
        before=f"who keeps the policies of this {kind} agrees; where they are kept in code, add the statement there",
        undo=Undo(("aws", "iam", f"delete-{kind}-policy", *who)),
        verify=Verify(
            ("aws", "iam", "simulate-principal-policy", "--policy-source-arn", principal, "--action-names", *actions),
            '"EvalDecision": "allowed"',
        ),
    )


def assign_azure(assignee: str, role: str, scope: str) -> Command:
    """Give a principal of Azure a role over a scope."""
    given = ("--assignee", assignee, "--role", role, "--scope", scope)
    return Command(
        ("az", "role", "assignment", "create", *given),
        f"give {assignee} the role {role}",
        "reversible",
        before="whoever owns the subscription agrees, and no narrower role holds the action",
        undo=Undo(("az", "role", "assignment", "delete", *given)),
        verify=Verify(("az", "role", "assignment", "list", "--assignee", assignee, "--scope", scope), role),
    )


def allow_kubernetes(user: str, verb: str, resource: str) -> Command:
    """Allow a user or service account of Kubernetes one verb on one kind, everywhere."""
    name = f"{verb}-{resource.partition('.')[0].replace('/', '-')}"
    role = ("kubectl", "create", "clusterrole", name, f"--verb={verb}", f"--resource={resource}")
    account = user.removeprefix("system:serviceaccount:")
    subject = f"--serviceaccount={account}" if account != user else f"--user={user}"
    return Command(
        role,
        f"make a role that may {verb} {resource}, then bind it: kubectl create clusterrolebinding {name} "
        f"--clusterrole={name} {subject}",
        "reversible",
        before="whoever owns the cluster agrees; where roles are kept in code, add the rule there",
        undo=Undo(("kubectl", "delete", "clusterrole", name)),
        verify=Verify(("kubectl", "auth", "can-i", verb, resource, f"--as={user}"), "yes"),
    )


def enable_google(service: str, project: str) -> Command:
    """Switch an API of a Google project on."""
    within = ("--project", project) if project else ()
    return Command(
        ("gcloud", "services", "enable", service, *within),
        f"switch {service} on; it may take some minutes",
        "reversible",
        before="whoever owns the project agrees",
        undo=Undo(("gcloud", "services", "disable", service, *within)),
        verify=Verify(("gcloud", "services", "list", "--enabled", f"--filter=config.name={service}", *within), service),
    )


def register_azure(namespace: str) -> Command:
    """Register a resource provider with the subscription."""
    return Command(
        ("az", "provider", "register", "--namespace", namespace, "--wait"),
        f"register {namespace} with the subscription",
        "reversible",
        before="whoever owns the subscription agrees",
        undo=Undo(("az", "provider", "unregister", "--namespace", namespace)),
        verify=Verify(
            ("az", "provider", "show", "--namespace", namespace, "--query", "registrationState"), "Registered"
        ),
    )

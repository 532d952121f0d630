"""Nobody may do this here."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    # Without a word on who may not do what, a block of public access is as likely as a missing right.
    code=r"putting S3 (?:bucket )?(?:ACL|policy):(?!.*not authorized to perform).*AccessDenied"
    r"|RequestDisallowedByPolicy|disallowed by policy|explicit deny in a (?:service control"
    r"|resource control|permissions boundary)"
    r"|admission webhook \"[^\"]+\" denied|violates PodSecurity|ValidatingAdmissionPolicy|Constraint constraints/"
    r"|constraints/[\w./]+[\"' ]*(?: is)? violated"
    r"|\bconstraints/\w|Organization Policy|vpcServiceControls|Request is prohibited by organization's policy"
    r"|AccessControlListNotSupported|BlockPublic(?:Policy|Acls)"
    r"|KeyBasedAuthenticationNotPermitted|ScopeLocked"
    r"|scope\(s\) are locked|violates (?:the )?(?:org|constraint)[\w ]*polic",
    prose=r"\bpolicy violation\b|with an explicit deny"
    r"|(?:denied|blocked"
    r"|rejected|forbidden|prohibited) by [\w \"'-]*polic",
    unless=r"failed calling webhook",
)

# Azure names the assignment, as its owner called it, and the definition, which says what is wanted.
_NAMED = r'policy{}\\*":\{{\\*"name\\*":\\*"([^"\\]+)'


@cause("policy", needs=("deployment",))
def policy_denied(world: World) -> Iterator[Finding]:
    """A rule of the organisation forbids what is to be made, whoever asks.

    Clouds have policies above all roles: allowed regions, tags that must be there, nothing public. Kubernetes has
    admission rules. They answer 403 as a missing right does, but no role that is given will help: what is to be made
    must fit the rule, or its owner makes an exemption.

    When it is wrong: the rule is broken itself, or is rolled out half, and refuses everything.
    """
    if told := failing(world, _SAID):
        rule = _rule(told)
        reason = told.read(r"Reasons?: '([^']+)'") or told.read(r"denied the request: (.{10,160}?)(?:$|\. )")
        steps = []
        if assignment := told.read(r"policyAssignments/([\w.-]+)"):
            argv = ("az", "policy", "assignment", "show", "--name", assignment)
            steps.append(terraform.look(*argv, purpose=f"read what {assignment} demands, and of which scopes"))
        if constraint := told.read(r"constraints/([\w.]+)"):
            purpose = f"read what the constraint {constraint} allows"
            steps.append(terraform.look("gcloud", "org-policies", "describe", constraint, purpose=purpose))
        change = (
            f"change {told.target} so that it fits{': ' + reason if reason else ' the rule'}; or ask the "
            f"owner of the rule for an exemption"
        )
        steps.append(terraform.plan(told.tool, change))
        hint = ["a wider role does not help: the rule stands above all roles"]
        yield told.finding(f"{told.who}: {rule} forbids it{': ' + reason if reason else ''}", steps, hint)


def _rule(told: Failing) -> str:
    name = " / ".join(filter(None, (told.read(_NAMED.format(kind)) for kind in ("Assignment", "Definition"))))
    name = name or told.read(r'admission webhook "([^"]+)"') or told.read(r"(constraints/[\w.]+)")
    if "S3" in told.found.group() or "ACL" in told.found.group() or "BlockPublic" in told.found.group():
        return "a block of ACLs and public access (account, organisation or bucket)"
    return f"the policy {name}" if name else "a policy of the organisation"

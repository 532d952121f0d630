"""The plan was checked before it was applied, and did not pass."""

from collections.abc import Iterator

from tocsin.deployments.terraform.violations import PolicyResult
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"Policy check(?:s)? (?:hard |soft )?failed|Sentinel Result: false|hard[- ]mandatory|polic(?:y"
    r"|ies) (?:check|evaluation|set)[\w: ]* failed",
    prose=r"^FAIL - |tests?, \d+ passed, \d+ warnings?, [1-9]\d* failures?|violat(?:es|ed|ion)[\w ]* polic",
)


@cause("policy", needs=("deployment",))
def policy_check_failed(world: World) -> Iterator[Finding]:
    """A policy engine read the plan and refused it before anything was changed.

    Engines such as OPA, Sentinel or Checkov look at what is planned and hold it against rules that people wrote down.
    Nothing was touched: what the rule asks for has to be written into the configuration, or the rule's owner says that
    this case is different.

    When it is wrong: the results are those of another plan, or the rule reads values that are known only after apply.
    """
    deployment = world.deployment
    if deployment is None:
        return
    failed = [(at, one) for at, one in enumerate(deployment.section.policies) if one.status == "failed"]
    if told := failing(world, _SAID):
        yield told.finding(
            f"{told.who}: a policy check failed",
            [terraform.plan(told.tool, "change what the rule names, then check the plan again")],
        )
    elif failed:
        worst = sorted(failed, key=lambda held: (-_GRAVE.get(held[1].severity, 0), held[0]))
        named = [f"{one.rule}{' at ' + one.resource if one.resource else ''}: {one.message}" for _, one in worst]
        yield Finding(
            deployment.subject,
            f"a policy refuses the plan: {named[0]}"
            if len(failed) == 1
            else f"{len(failed)} policies refuse the plan; first {named[0]}",
            [
                Citation(f"deployment#/policies/{at}/rule", one.rule, CONCLUSIVE, deployment.subject)
                for at, one in worst
            ],
            [terraform.plan(deployment.tool, _change(one)) for _, one in worst[:3]],
            contributing=named[1:4],
        )


_GRAVE = {"critical": 4, "high": 3, "medium": 2, "low": 1}


def _change(verdict: PolicyResult) -> str:
    where = verdict.resource or verdict.file or "what the rule names"
    return f"change {where} so that {verdict.rule} passes{': ' + verdict.remedy if verdict.remedy else ''}"

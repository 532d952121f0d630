"""The provider does not keep what it promised."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"unexpectedly returned no|Missing Resource State|Provider (?:produced (?:an )?(?:inconsistent"
    r"|invalid|unexpected)|returned (?:an )?invalid"
    r"|produced invalid)|bug in the provider|always an error in the provider|report (?:this"
    r"|the following) to the provider|Value Conversion Error|report this issue to the provider|cannot unmarshal"
    r"|Invalid address to set|Unexpected (?:Resource|Data Source|Provider) Configure Type|Unable to Convert",
)
_LATE = "an object that is absent right after it was made is often the service's delay, not a mistake in the provider"


@cause("provider_bug", needs=("deployment",))
def provider_contradicts_itself(world: World) -> Iterator[Finding]:
    """What the provider found after the change is not what it had announced in the plan.

    Either it computes a value in two different ways, which is a mistake of its own; or it read the object too early, and
    the service did not show yet what had been written ("was present, but now absent"). Then the object exists and the
    state may not know it.

    When it is wrong: the service itself normalises what was written, and writing it as the service does ends it.
    """
    if told := failing(world, _SAID):
        provider = told.read(r'provider\[\\?"?(?:[\w.-]+/)*([\w-]+)\\?"?\]') or told.cloud
        address = told.address or told.read(
            r"(?:applying changes to|values? for|plan for) ((?:module\.[\w\[\]\"-]+\.)*[\w-]+\.[\w\[\]\"-]+)"
        )
        absent = "now absent" in told.first.text
        yield told.finding(
            f"{address or told.who}: the provider {provider} contradicts "
            f"itself{' (made, and then not found)' if absent else ''}",
            list(_steps(told, address, provider)),
            [_LATE] if absent else [],
        )


def _steps(told: Failing, address: str, provider: str) -> Iterator[Command]:
    if address:
        purpose = f"see whether the state knows {address}; where it exists and the state does not, adopt it by {told.tool} import"
        yield terraform.look(told.tool, "state", "list", address, purpose=purpose)
    yield terraform.plan(told.tool, "see what a second run wants: after a delay of the service it is often nothing")
    yield terraform.upgrade(
        told.tool,
        f"choose another version of {provider or 'the provider'}: a newer one, or pin the last that worked",
    )

"""The provider fell over."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"plugin crashed|Plugin did not respond|failed to respond to the plugin"
    r"|Stack trace from the \S+ plugin|terraform-provider-\S+ .*panic:|provider crash"
    r"|code = Unavailable desc = (?:transport|error reading)|Unrecognized remote plugin message"
    r"|failed to instantiate provider|waiting for plugin to start|Request cancelled|\(\*GRPCProvider\)",
    prose=r"index out of range|unexpected end of JSON input|panic: .*(?:provider|plugin)"
    r"|rpc error: code = Unavailable|transport is closing|connection is shut down",
    unless=r"TERRAFORM CRASH|hashicorp/terraform/(?:command|internal|backend|terraform)/",
)


@cause("provider_bug", needs=("deployment",))
def provider_crashed(world: World) -> Iterator[Finding]:
    """The provider's program ended in the middle of its work, mostly by a mistake in its own code.

    Something in an answer of the service or in the configuration was not as its authors thought. Another version may not
    have the mistake. What it was making may exist without the state knowing.

    When it is wrong: it was killed from outside, as for want of memory; then no version helps.
    """
    if told := failing(world, _SAID):
        name = told.read(r"(terraform-provider-[\w-]+?)(?:_v|\.exe| )")
        version = told.read(r"_v([\d.]+\d)")
        steps = [
            terraform.look(
                told.tool,
                "version",
                purpose="see which version of the provider runs; look for the crash in its list of issues",
            ),
            terraform.upgrade(
                told.tool,
                f"choose another version of {name or 'the provider'}{f' than {version}' if version else ''}: a "
                f"newer one, or the last that worked",
            ),
            terraform.trace(told.tool),
        ]
        hidden = told.read(r"\b(\w*(?:Error|Exception|Failure))\.Error\(")
        hint = [f"it fell over {hidden} of the service: what was sent was refused, so check the values too"]
        memory = "a provider that is killed for want of memory looks the same: see the memory of where it runs"
        yield told.finding(
            f"{name or told.who}{' ' + version if version else ''} crashed", steps, [*(hint if hidden else []), memory]
        )

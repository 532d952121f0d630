"""The configuration does not say what it should, and nothing was touched."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.telling import failing, signs
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    conclusive=r"^(?:Unsupported (?:argument|block type|attribute)|Reference to undeclared|Missing required argument|Unterminated template|Duplicate (?:resource|variable|output|module|provider|required|local|argument|data|attribute)"
    r"|Argument (?:or block )?definition required|Unclosed |Extraneous |Call to unknown function|Error in function call|Incorrect (?:attribute|condition|type) |Inconsistent conditional|Variables not allowed|Function calls not allowed"
    r"|Invalid (?:reference|expression|multi-line string|block definition|character|template|function argument|index|operand|combination of arguments|attribute name|resource type|data source|string literal|escape|number literal|object|default value|module source|self|local|value for module argument|type specification|resource name|variable name|for_each|count|use of)"
    r"|Unreadable module directory|Output refers to sensitive|Iteration over|Attempt to (?:get|index)|Missing (?:newline|item|attribute|close|key|name|resource|false|base)|Value for undeclared|Too (?:many|few)|Not enough|Insufficient \w+ blocks|Unexpected|Conflicting)",
    strong=r"An? (?:argument|input variable|managed resource|data resource|local value|module call) (?:named )?\"?[\w\"]+ (?:is not expected|has not been declared)|is not expected here|unknown variable accessed|not a valid|\bparse error\b|ConflictsWith|conflicts with \w+|\"[\w.]+\": (?:conflicts|required|one of)",
    unless=r"cannot be determined until apply|known only after apply|is required by the backend|requires explicit configuration|no configuration has been|provider block",
)


@cause("configuration_error", needs=("deployment",))
def configuration_invalid(world: World) -> Iterator[Finding]:
    """The configuration itself is wrong: a name, a reference, a type or the syntax. Nothing was touched.

    The tool reads the whole configuration before it asks any service, and says in which file and line it stumbled. What
    it stumbled over may be the effect of a mistake some lines before, or of a module or provider of another version.

    When it is wrong: the configuration fits another version of the provider or the module than is installed.
    """
    if told := failing(world, _SAID):
        place = told.place
        meant = told.read(r'Did you mean "(\w+)"')
        steps = [
            terraform.look(
                told.tool,
                "validate",
                purpose=f"correct {place or told.who}{f': write {meant}' if meant else ''}, then see whether more is wrong",
            ),
            terraform.plan(told.tool, "see what it would change"),
        ]
        more = f" and {len(told.tellings) - 1} more" if len(told.tellings) > 1 else ""
        yield told.finding(f"{place or told.who}: {told.first.text[:160]}{more}", steps)

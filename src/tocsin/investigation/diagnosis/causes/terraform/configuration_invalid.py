"""The configuration does not say what it should, and nothing was touched."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.deployment import Failure
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"\"[\w.]+\": (?:conflicts with|required field|one of|all of)|^(?:Unsupported (?:argument"
    r"|block type|attribute)|Reference to undeclared|Missing required argument|Unterminated template"
    r"|Duplicate (?:resource|variable|output|module|provider|required|local|argument|data|attribute)"
    r"|Argument (?:or block )?definition required|Unclosed |Extraneous |Call to unknown function"
    r"|Error in function call|Incorrect (?:attribute|condition|type) |Inconsistent conditional"
    r"|Variables not allowed|Function calls not allowed|Invalid (?:dynamic|reference|expression"
    r"|multi-line string|block definition|character|template|function argument|index|operand"
    r"|combination of arguments|attribute name|resource type|data source|string literal|escape"
    r"|number literal|object|default value|module source|self|local|value for module argument"
    r"|type specification|resource name|variable name|for_each|count|use of)"
    r"|Unreadable module directory|Output refers to sensitive|Iteration over|Attempt to (?:get|index)"
    r"|Missing (?:newline|item|attribute|close|key|name|false|base)|Value for undeclared|Too (?:many"
    r"|few|many function) arguments|Not enough function arguments|No declaration found"
    r"|Insufficient \w+ blocks|Resource already managed|Resource Import Not Implemented"
    r"|Import Not Supported|No configuration files|Module (?:does not support|is incompatible with)"
    r"|Moved object still exists|Ambiguous move|Conflicting (?:move|removed|import)|Removed \w+ still exists"
    r"|Cross-package move|Cyclic dependency in move|Ephemeral |Invalid (?:moved|removed|import|check|ephemeral"
    r"|assertion|condition|provider function|required_\w+|version constraint|quoted|nested|use)\b"
    r"|Failed to read (?:module directory|file)|(?:Unknown|Provider) function|Reserved |Redundant "
    r"|Unknown variable|Undefined "
    r"|Unexpected (?:resource instance|attribute|block|token|end)|Conflicting configuration)",
    prose=r"template: \S+:\d+:\d+: |execution error at \(|nil pointer evaluating|YAML parse error|^(?:Missing"
    r"|Unsupported|Invalid|Duplicate|Undeclared|Incorrect) (?-i:[a-z])|^Error parsing"
    r"|Duplicate resource|lookup failed to find|required variable not set|must not be empty"
    r"|illegal character|An? (?:argument|input variable|managed resource|data resource|local value"
    r"|module call) (?:named )?\"?[\w\"]+ (?:is not expected|has not been declared)"
    r"|is not expected here|unknown variable accessed|unknown resource '|strconv\.Parse|yaml: "
    r"|error converting YAML|at least one of (?:these|the)|\bparse error\b|ConflictsWith",
    unless=r"unsupported [\w ]{0,20}version|plan files cannot be transferred|not compatible|suitable version"
    r"|\btoken\b|credential|password"
    r"|api key|client secret|\b40[0139]\b"
    r"|cannot be determined until apply|known only after apply|is required by the backend"
    r"|requires explicit configuration|no configuration has been|provider block",
)

# A fetched module that does not fit was mostly written for another version of its provider.
_FETCHED = signs(prose=r"^Unsupported (?:argument|block type|attribute)|^Invalid (?:resource type|data source)")
# Whatever it says: it says it of a place in the configuration, and of no resource.
_ANYTHING = signs(status=r"^.+", unless=r"\b[45]\d\d\b|download|registry|plugin")


@cause("configuration_error", needs=("deployment",))
def configuration_invalid(world: World) -> Iterator[Finding]:
    """The configuration itself is wrong: a name, a reference, a type or the syntax. Nothing was touched.

    The tool reads the whole configuration before it asks any service, and says in which file and line it stumbled. What
    it stumbled over may be the effect of a mistake some lines before, or of a module or provider of another version.

    When it is wrong: the configuration fits another version of the provider or the module than is installed.
    """
    told = failing(world, _SAID, lambda failure: not _outdated(failure)) or failing(world, _FETCHED, _outdated)
    if told := told or failing(world, _ANYTHING, _by_language):
        place = told.place
        meant = told.read(r'Did you mean "(\w+)"')
        steps = [
            terraform.look(
                told.tool,
                "validate",
                purpose=f"correct {place or told.who}{f': write {meant}' if meant else ''}{_or_pin(told)}, then see "
                f"whether more is wrong",
            ),
            terraform.plan(told.tool, "see what it would change"),
        ]
        more = f" and {len(told.tellings) - 1} more" if len(told.tellings) > 1 else ""
        yield told.finding(f"{place or told.who}: {told.first.told(160)}{more}", steps)


def _or_pin(told: Failing) -> str:
    """Say what else helps where a module asks for more, or for something else, than its caller gives."""
    lacks = re.match(r"(?:Missing required|Unsupported) argument", told.first.summary)
    if not lacks or not told.first.context.startswith("module "):
        return ""
    name = told.read(r'argument (?:named )?"(\w+)"')
    verb = "set" if told.first.summary.startswith("Missing") else "drop"
    return f": {verb} {name or 'it'}, or limit the module to the version that was written for"


def _by_language(failure: Failure) -> bool:
    """Tell whether the tool says it of its own language: at a place, but of no object that a provider keeps."""
    return (
        bool(failure.place) and not failure.address and not failure.context.startswith(("resource", "data", "provider"))
    )


def _outdated(failure: Failure) -> bool:
    return failure.fetched and bool(_FETCHED.find(failure))

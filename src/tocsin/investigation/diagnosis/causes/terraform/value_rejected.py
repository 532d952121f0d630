"""A value that the provider or the service does not take."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"expected [\w. \"'\[\]-]{1,60} to (?:be (?:one of|in |at |less|greater|a |an |between|divisible|not)"
    r"|have|match"
    r"|contain|not)|Invalid\w+\.(?:Range|Malformed|Format)\b|InvalidParameterValue\w*"
    r"|InvalidParameterCombination|ValidationException|\bValidationError\b|InvalidParameter\b"
    r"|MalformedPolicyDocument\w*|INVALID_ARGUMENT|is invalid: |InvalidRequestFormat|invalid value for"
    r"|Invalid value for field"
    r"|InvalidTemplate\w*|InvalidResourceName|PropertyChangeNotAllowed|InvalidInput\b|InvalidAttribute\w*"
    r"|doesn't comply with|InvalidArgument\b"
    r"|Malformed\w*\b|InvalidRequest\w*|\bUnprocessable\b",
    prose=r"(?:range|format|name|value|length|size) (?:is )?invalid\b|should be between|at least \w+ \w+ in"
    r"|\bBad ?Request\b|(?:status(?: ?code)?|Error"
    r"|HTTP)\W{0,4}(?:400|422)\b|badRequest|invalid value"
    r"|(?:must|can|may)(?: only| not)? (?:contain|match|start|begin|consist|end|include|comply)\b"
    r"|can only (?:be|have)|must be (?:a|an|one|between|at|in|less|greater|lower|set to)\b"
    r"|\bvalidation (?:error|failed)|\bis required (?:when|if|unless|for|by)\b"
    r"|^Invalid Attribute|can(?:not|'t) be (?:blank|empty|null|negative|zero)|\bis too (?:long|short|large|small"
    r"|big)\b"
    r"|\bout of range\b|unsupported (?:value|type|option|format)|[Oo]nly one of|mutually exclusive"
    r"|is not (?:a )?(?:valid|supported|allowed)|\bis invalid\b|invalid (?:format"
    r"|name|argument"
    r"|character|parameter|cidr|length)",
    status=r"(?<![\w.:/-])4(?:00|22)(?![\w./-])",
    unless=r"is required by the backend|access the server|\bconstraints/\w|Authorization header"
    r"|cannot be determined until apply|Invalid principal"
    r"|cannot be assumed|InvalidClientTokenId"
    r"|NotFound\b|\b\w*LimitExceeded|LeaseAlready|already exists|AlreadyExists|in use|soft|deleted but"
    r"|being recovered|retry later|Invalid (?:for_each|count)|cannot be (?:deleted|destroyed)"
    r"|no matches for kind|must (?:be )?(?:run|set|log)|must use (?:terraform|tofu)|CREATE_FAILED"
    r"|InvalidSubnet\.Conflict"
    r"|Throttl|checked by the validation rule|Provider produced|credential|input variable|\bvar\."
    r"|Invalid provider|lineage",
)


@cause("validation", needs=("deployment",))
def value_rejected(world: World) -> Iterator[Finding]:
    """The provider or the service looked at a value and refused it: the wrong form, length, range or combination.

    Names have rules that differ from service to service, sizes come in steps, and some arguments exclude each other. What
    only the service can check shows at apply, when other things have been made already; they stay.

    When it is wrong: the value is right for another version of the provider or of the service's interface.
    """
    if told := failing(world, _SAID):
        field = (
            told.read(r"expected (\S+) to")
            or told.read(r"[Ii]nvalid value for (?:field )?'?\"?([\w.\[\]-]+)")
            or told.read(r"is invalid: ([\w.\[\]]+):")
        )
        steps = [
            terraform.plan(
                told.tool, f"change {field or 'the value'} in {told.place or told.who} to what the message allows"
            )
        ]
        yield told.finding(f"{told.who}: {field or 'a value'} is not accepted: {told.first.told(160)}", steps)

"""A service that is there for everybody else is switched off here."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"SERVICE_DISABLED|accessNotConfigured|has not been used in project \S+ before or it is disabled"
    r"|API \[[\w.]+\] not enabled"
    r"|MissingSubscriptionRegistration|SubscriptionNotRegistered|NoRegisteredProviderFound"
    r"|is not registered to use namespace"
    r"|OptInRequired|SubscriptionRequiredException|MarketplacePurchaseEligibilityFailed"
    r"|ResourcePurchaseValidationFailed|BillingDisabled|BILLING_DISABLED|UserProjectAccountProblem",
    prose=r"(?:is|are|was) not enabled (?:for|on|in) (?:this|the|your) (?:project|account|subscription"
    r"|region)|legal terms|\bupgrade (?:to|your) [\w ]{0,30}\b(?:Pro|Team|Business|Enterprise|Premium|plan|tier)\b"
    r"|not (?:available|included) (?:on|in|for|with) (?:your|this|the)[\w ]* (?:plan|tier|edition)"
    r"|PendingVerification"
    r"|not subscribed to|needs? a subscription|billing (?:account|must be|is)"
    r"|account is (?:currently )?(?:blocked|suspended|disabled)",
)


@cause("configuration_error", needs=("deployment",))
def service_not_enabled(world: World) -> Iterator[Finding]:
    """The service is not switched on for this project, subscription or account.

    Clouds answer 403 to calls of a service that nobody has enabled, registered or subscribed to, and that looks like a
    missing right. It is switched on once for each project, and may take minutes to be in force everywhere.

    When it is wrong: it was switched on just now, and the next try succeeds by itself.
    """
    if told := failing(world, _SAID):
        api = (
            told.read(r'"service": ?"([\w.-]+\.googleapis\.com)"')
            or told.read(r"apis/(?:api|library)/([\w.-]+\.googleapis\.com)")
            or told.read(r"API \[([\w.]+)\]")
        )
        project = told.read(r"project[=/ ]+(?:number )?'?(\d{6,}|[a-z][\w-]{4,})") if api else ""
        namespace = told.read(r"namespace '?(Microsoft\.\w+)")
        steps = (
            [terraform.enable_google(api, project)]
            if api
            else [terraform.register_azure(namespace)]
            if namespace
            else []
        )
        steps.append(terraform.plan(told.tool, "see whether the service answers; it can take some minutes"))
        yield told.finding(
            f"{told.who}: {api or namespace or 'the service'} is not switched on for this account or project", steps
        )

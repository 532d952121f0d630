"""Amazon CloudWatch alarms, and whatever else a topic of Amazon SNS delivers.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html

An alarm's ARN is its identity, or else account, region and name. ALARM fires and OK resolves. INSUFFICIENT_DATA fires too:
who has it sent wants to hear of it, and what can't be measured is not known to be well. Any other message is an
event of its own, known by topic and subject. EventBridge's form of the same ("CloudWatch Alarm State Change") is understood.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from tocsin.alerts.parsed import UNREADABLE, BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import (
    Object,
    an_object,
    at,
    first,
    identity,
    labels,
    objects,
    read_object,
    text,
    title,
    when,
)

EXAMPLE = b"""{
  "Type": "Notification",
  "MessageId": "0c1f5c54-6a0b-5f0e-9d0e-000000000001",
  "TopicArn": "arn:aws:sns:eu-central-1:123456789012:alarms",
  "Subject": "ALARM: \\"queue-is-old\\" in EU (Frankfurt)",
  "Message": "{\\"AlarmName\\": \\"queue-is-old\\", \\"AlarmDescription\\": \\"Orders wait too long.\\", \\"AWSAccountId\\": \\"123456789012\\", \\"NewStateValue\\": \\"ALARM\\", \\"NewStateReason\\": \\"Threshold Crossed: 1 datapoint [912.0] was greater than the threshold (300.0).\\", \\"StateChangeTime\\": \\"2026-03-01T02:58:11.101+0000\\", \\"Region\\": \\"EU (Frankfurt)\\", \\"AlarmArn\\": \\"arn:aws:cloudwatch:eu-central-1:123456789012:alarm:queue-is-old\\", \\"OldStateValue\\": \\"OK\\", \\"Trigger\\": {\\"MetricName\\": \\"ApproximateAgeOfOldestMessage\\", \\"Namespace\\": \\"AWS/SQS\\", \\"Dimensions\\": [{\\"name\\": \\"QueueName\\", \\"value\\": \\"orders\\"}]}}",
  "Timestamp": "2026-03-01T02:58:11.134Z",
  "SignatureVersion": "2",
  "Signature": "bm90IGEgcmVhbCBvbmU=",
  "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem"
}"""  # noqa: E501  # a message is one line
SIGNATURE = None
IS_SNS = True

WHAT = "a message of Amazon SNS"
_STATES = {"ALARM": True, "INSUFFICIENT_DATA": True, "OK": False}
_OF_THE_SUBSCRIPTION = {"SubscriptionConfirmation", "UnsubscribeConfirmation"}


def parse(body: bytes) -> Parsed:
    """The alarm or the message of a notification. Raises BadPayload."""
    payload = read_object(body, WHAT)
    if text(payload, "Type") in _OF_THE_SUBSCRIPTION:
        return Parsed((), note=f"a {payload['Type']} is about the subscription, and nothing to alert about")
    return Parsed((_message(payload),))


def _message(envelope: Object) -> ParsedAlert:
    if not text(envelope, "TopicArn") or not isinstance(envelope.get("Message"), str):
        raise BadPayload(f"not {WHAT}: it has no TopicArn or no Message; leave “raw message delivery” off")
    said = _decoded(envelope["Message"])
    return _alarm(said, envelope) if _is_alarm(said) else _other(said, envelope)


def _decoded(message: str) -> Any:
    """The JSON in a message, which is text; the text itself where it is none."""
    try:
        return msgspec.json.decode(message)
    except UNREADABLE:
        return message


def _is_alarm(said: Any) -> bool:
    return at(said, "AlarmName") is not None or at(said, "detail", "alarmName") is not None


def _alarm(said: Object, envelope: Object) -> ParsedAlert:
    detail = an_object(said, "detail")
    name = title(said.get("AlarmName"), detail.get("alarmName"))
    state = first(said.get("NewStateValue"), at(detail, "state", "value"))
    if not name or state not in _STATES:
        raise BadPayload(f"alarm “{name}” in state “{state}”: expected a name, and ALARM, OK or INSUFFICIENT_DATA")
    account = first(said.get("AWSAccountId"), said.get("account"))
    region = first(said.get("Region"), said.get("region"))
    arn = first(said.get("AlarmArn"), *_resources(said))
    changed = when(first(said.get("StateChangeTime"), at(detail, "state", "timestamp"), envelope.get("Timestamp")))
    firing = _STATES[state]
    described = first(said.get("AlarmDescription"), at(detail, "configuration", "description"))
    why = first(said.get("NewStateReason"), at(detail, "state", "reason"))
    return ParsedAlert(
        identity=arn or identity(account, region, name),
        title=f"{name}: insufficient data" if state == "INSUFFICIENT_DATA" else name,
        firing=firing,
        starts_at=changed if firing else None,
        ends_at=None if firing else changed,
        description="\n".join(filter(None, (described, why))),
        labels=labels(_dimensions(said), alarm=name, account=account, region=region, metric=_metric(said)),
        links=_console(arn),
    )


def _resources(said: Object) -> list[Any]:
    found = said.get("resources")
    return found if isinstance(found, list) else []


def _metrics(said: Object) -> list[Object]:
    """The metrics of an alarm of one metric, of several, or in EventBridge's form; none of a composite alarm."""
    several = [an_object(metric, "MetricStat", "Metric") for metric in objects(said, "Trigger", "Metrics")]
    of_bridge = [an_object(m, "metricStat", "metric") for m in objects(said, "detail", "configuration", "metrics")]
    return [metric for metric in (an_object(said, "Trigger"), *several, *of_bridge) if metric]


def _dimensions(said: Object) -> dict[str, str]:
    """Those of all metrics that do not contradict each other."""
    found: dict[str, set[str]] = {}
    for metric in _metrics(said):
        pairs = [(text(d, "name"), text(d, "value")) for d in objects(metric, "Dimensions")]
        pairs += [(name, text(value)) for name, value in an_object(metric, "dimensions").items()]
        for name, value in pairs:
            found.setdefault(name, set()).add(value)
    return {name: min(values) for name, values in found.items() if len(values) == 1}


def _metric(said: Object) -> str:
    """Namespace and name of the first metric that has a name."""
    named = (
        (first(m.get("Namespace"), m.get("namespace")), first(m.get("MetricName"), m.get("name")))
        for m in _metrics(said)
    )
    return next((f"{namespace}/{name}".strip("/") for namespace, name in named if name), "")


def _console(arn: str) -> dict[str, str]:
    """The alarm's page, which its ARN leads to: arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME."""
    parts = arn.split(":", 6)
    if len(parts) != 7 or parts[1] != "aws" or not parts[3].replace("-", "").isalnum():
        return {}
    where = f"https://{parts[3]}.console.aws.amazon.com/cloudwatch/home?region={parts[3]}"
    return {"alarm": f"{where}#alarmsV2:alarm/{quote(parts[6], safe='')}"}


def _other(said: Any, envelope: Object) -> ParsedAlert:
    message = text(envelope, "Message")
    named = title(
        envelope.get("Subject"), at(said, "detail-type"), message.partition("\n")[0], "a message without words"
    )
    topic = text(envelope, "TopicArn")
    return ParsedAlert(
        identity=identity(topic, named),
        title=named,
        firing=True,
        starts_at=when(envelope, "Timestamp"),
        description=message,
        labels=labels({}, topic=topic.rpartition(":")[2], account=at(said, "account"), region=at(said, "region")),
        is_event=True,
    )

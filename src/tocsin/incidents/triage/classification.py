"""Which of eight classes a failure is of, from the words of its alerts or the cause that was found. Pure.

The class says what to do before anybody knows more; where nothing tells, it is said to be unclassified.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tocsin.incidents.triage.causes import class_of_cause
from tocsin.incidents.triage.classes import Class
from tocsin.incidents.triage.words import plain


@dataclass(frozen=True, slots=True)
class Classified:
    """A class, or None where nothing tells, with what told."""

    of: Class | None
    reason: str

    @property
    def response(self) -> str:
        """What the class calls for."""
        return response_of(self.of)


RESPONSES = {
    Class.INFRASTRUCTURE: "Retry, and fail over to what is healthy.",
    Class.LATENCY: "Retry with patience, and give time-outs some room.",
    Class.RESOURCE: "Relieve it, then raise what it is given.",
    Class.EXTERNAL: "Fail over to another provider, or wait for theirs.",
    Class.CONFIGURATION: "Escalate to the owner of this configuration.",
    Class.CAPACITY: "Back off, then raise the quota or add capacity.",
    Class.CODE: "Roll back to the last version that worked.",
    Class.SECURITY: "Escalate to security: renew or revoke credentials, and look for misuse.",
}


def response_of(found: Class | None) -> str:
    """What a class calls for; of what is unclassified, to find out."""
    return RESPONSES[found] if found is not None else "Investigate: nothing says yet what kind of failure this is."


# Of two that are told as surely the earlier counts: the rarer kinds of words come first.
_ORDER = (
    Class.SECURITY,
    Class.CAPACITY,
    Class.RESOURCE,
    Class.EXTERNAL,
    Class.LATENCY,
    Class.CONFIGURATION,
    Class.CODE,
    Class.INFRASTRUCTURE,
)
# What a product is called says nothing of its trouble.
_PRODUCTS = re.compile(r"\bcert manager\b")
# The general words of monitoring: Kubernetes' and the exporters' rule collections, clouds' alarms, APM, error trackers.
_SURE = {
    Class.SECURITY: r"certificates?|certs?|ssl|tls|x 509|x509|credentials?|signature has expired|security token|(?:un)?sealed?"
    r"|auto ?unseal|unauthori[sz]ed access|guard ?duty|intrusion|malware"
    r"|(?:failed|suspicious|brute force) (?:\w+ )?logins?(?! page)"
    r"|waf|security (?:\w+ )?blocked|blocked for security|root account|leaked|secrets? (?:near|sync|expir\w+|rotation)"
    r"|vulnerabilit\w+|expired (?:signature|token|key)\w*",
    Class.CAPACITY: r"quotas?|rate limit\w*|(?<!cpu )throttl\w+"
    r"|too many(?! (?:\w+ )?(?:restarts|crashes|errors|tokens|failures|failed))|429|unschedulable"
    r"|insufficient (?:cpu|memory|capacity)"
    r"|not scheduled|overcommit\w*|maxed out|(?:pool|connection|concurrency|session) limit|rate exceeded|port allocation"
    r"|(?:conntrack|nat|route|arp|map) table|conntrack|map pressure|low available"
    r"|(?:connection|thread) saturation|rejected connections|(?:max|maximum) (?:active )?(?:sessions?|connections)"
    r"|burst balance|dtu"
    r"|consumer (?:\w+ )?lag|(?:thread|connection|worker|buffer|ip) pool (?!dead|\w*host)"
    r"|pool (?:capacity|waiting|exhausted|saturation|utili[sz]ation)"
    r"|threads? (?:saturated|exhausted)|queued|pending (?:\w+ )?(?:tasks?|tokens|messages|bytes|requests|jobs)|tasks? pending"
    r"|(?:blocked|waiting) (?:tasks|threads|apps|jobs|for connections?)|(?:high|identity) allocation"
    r"|resource high usage|over ?budget|(?:connections?|subscriptions?|sessions?) (?:count|high)"
    r"|terminated requests|at max(?:imum)? replicas|hpa|un ?acked|oldest (?:unacked )?message|in ?flight|queries stuck"
    r"|open databases",
    Class.RESOURCE: r"oom|oomkill\w*|out of memory\w*|heap|swap|no space left|filesystem|file system|inodes?|file descriptors?"
    r"|(?:too many )?open (?:os )?files|free storage space|storage space|gc|metaspace|cpu throttl\w+|node pressure"
    r"|memory ?error"
    r"|(?:disk|node|storage) (?:pressure|saturation)|(?:memory|disk|space|storage) exhausted|almost full|maxmemory|memory map"
    r"|near full|disk (?:io )?saturation",
    Class.EXTERNAL: r"third party|3rd party|partner api|provider (?:\w+ )?(?:failed|failures?|errors?|timeouts?)"
    r"|(?:payment|email|e mail|sms|identity|dns|cloud|service) provider"
    r"|(?:aws|service|azure|gcp) health|vendor|saas|external (?:api|service|dependency)|circuit ?breaker|failed to send"
    r"|operational issue|upstream service|stripe|twilio|paypal|sendgrid|mailgun|shopify|salesforce|auth0|okta|cloudflare",
    Class.LATENCY: r"latenc(?:y|ies)|slow\w*|time ?outs?|timed out|deadline exceeded"
    r"|(?:completion|processing|execution|wait) time|(?:\w+ )?implementation delay|p ?(?:50|90|95|99)|response times?"
    r"|target response time|durations?"
    r"|replication lag"
    r"|apdex|took too long|fsync|lag behind|startup time|n\+1",
    Class.CONFIGURATION: r"configs?|configuration|misconfig\w*|improperly configured|permissions?|access denied|forbidden|rbac"
    r"|polic(?:y|ies)|drift|out of sync|not synced|denied rate|without ips?|image pull\w*|err image|invalid image"
    r"|mis ?scheduled|not auto ?vacuumed"
    r"|version mismatch|outdated|has no tenants"
    r"|reload|inconsistent|rule failures|sync failure|feature flags?|reconciliation|environment variables?",
    Class.CODE: r"scanning too many|died|restarts|failed to start|health score|crash ?loop\w*|crash\w*|exceptions?"
    r"|null ?pointer"
    r"|type error|key error|attribute error|index error|name error"
    r"|undefined|validation error|json decode error|integrity error|dead ?locks?(?:ed)?|schema|panic|segfault"
    r"|segmentation fault"
    r"|import error|generation mismatch|faulty deploy\w*|bad deploy\w*|after (?:the )?(?:release|deploy)\w*|rollback rate"
    r"|dead letter|invalid index|unhandled|job failed|helm release|rollout|not rolled out|contract|unexpected (?:field|column)",
    Class.INFRASTRUCTURE: r"no leader|quorum|insufficient members|connection refused|connection reset|packet loss|bgp"
    r"|name or service not known|no such host|stopped reporting|status check\w*|uptime|probe failed|synthetic|target down|raid"
    r"|bonding|leader changes|missing master|replication broken|no active controller|under replicated|unassigned shards"
    r"|offline|(?:no|zero|missing) (?:live|available|alive|healthy|active|running) \w+|dead connections?"
    r"|connection (?:issues?|lost|errors?)"
    r"|replicas? (?:errors?|lost|unavailable|down)"
    r"|(?:drive|cooling|disk|hardware|power|memory|fan) (?:supply )?(?:fault|failure)\w*"
    r"|power (?:off|loss|supply|sensor)|fan speed|temperature|voltage|membership (?:empty|degraded)"
    r"|not (?:live|alive|online|active)|error state|media errors|wearout|remote cluster|drop rate|smart critical"
    r"|no (?:\w+ )?online|unstable|ejections?|replication (?:read |write )?failures?"
    r"|(?:connection|write|writes|store) fail\w*|cluster health|batter(?:y|ies)|outage|out of service|split brain"
    r"|no route to host|network unreachable|absent",
}
_LIKELY = {
    Class.SECURITY: r"secrets?|logins?(?! page)|tokens?|vault|auth\w*|passwords?",
    Class.CAPACITY: r"lag|backlog|connections|queue\w*|autoscal\w*|overload\w*|query load|threads running|capacity"
    r"|not launched|allocation fail\w*|count high|(?:request|message|query) (?:rate|age)|high load|limits?|lock\w*"
    r"|exceeded|exhausted|(?:network )?traffic|too (?:large|big|high)|pending",
    Class.RESOURCE: r"memory|v ?cpu|cpu|cores|disks?|stor(?:e|age) usage|filling up|low space|growth|saturation|storage"
    r"|volume usage|load average",
    Class.EXTERNAL: r"upstream|remote|api \w+ com",
    Class.LATENCY: r"timeout error|delay\w*|\w+ time (?:high|too long)",
    Class.CONFIGURATION: r"iam|missing (?:key|setting|variable|file)|no such file|invalid|unknown (?:field|host|option)|label",
    Class.CODE: r"\w*5xx|regression|(?:lambda|function) errors?"
    r"|(?:jobs?|tasks?|tests?|migrations?|pipelines?|builds?|runs?|dags?|workflows?) fail\w*|uncaught|stuck|column"
    r"|assert\w*",
    Class.INFRASTRUCTURE: r"fault\w*|sensor|(?:node|peer|link|member|server|broker|replica) issues?|down|unreachable"
    r"|node not ready|offline|partition\w*|unhealthy|degraded|network|dns|host"
    r"|flapping|clock"
    r"|nfs|mount|tunnel|connection state|volume errors|cluster red|health (?:error|status)|health ?check\w*"
    r"|vm availability|too hot"
    r"|not connected|not running"
    r"|reboot\w*|restarted|kube (?:api|client|aggregated)|etcd|unavailable|readiness flapping|interface",
}
# What leaves no doubt is looked for first.
_PATTERNS = tuple((kind, re.compile(rf"\b(?:{told[kind]})\b")) for told in (_SURE, _LIKELY) for kind in _ORDER)
# What some sources are about, where words tell nothing.
_OF_SOURCE = {"sentry": Class.CODE}


def class_of_words(text: str) -> tuple[Class, str] | None:
    """The class that a text's words tell, and the words; None where they tell none."""
    return _class_of(plain(text))


@lru_cache(maxsize=2048)
def _class_of(text: str) -> tuple[Class, str] | None:
    words = _PRODUCTS.sub("", text)
    for kind, pattern in _PATTERNS:
        if found := pattern.search(words):
            return kind, found[0]
    return None


@dataclass(frozen=True, slots=True)
class Told:
    """What one alert says: title, then what it says in full, and the kind of the source that sent it."""

    title: str
    description: str = ""
    source_kind: str = ""


def classify_alert(told: Told) -> Classified:
    """The class of one alert: by its title, else its description, else its source."""
    for where, text in (("title", told.title), ("description", told.description)):
        if found := class_of_words(text):
            return Classified(found[0], f"“{found[1]}” in the {where} of {told.title}")
    if kind := _OF_SOURCE.get(told.source_kind):
        return Classified(kind, f"{told.source_kind} reports failures of code")
    return Classified(None, "neither the alerts nor a diagnosis tell what kind of failure this is")


def classify(alerts: Iterable[Told], cause: str = "", category: str = "") -> Classified:
    """The class of an incident: that of the cause that was found, else the one that most of its alerts tell.

    `cause` and `category` are those of the leading hypothesis, empty while there is none to rely on.
    """
    if cause:
        return Classified(class_of_cause(cause, category), f"the diagnosis names {cause} ({category})")
    found = [classify_alert(told) for told in alerts]
    counts = Counter(one.of for one in found if one.of is not None)
    if not counts:
        return next(iter(found), Classified(None, "no alert tells what kind of failure this is"))
    leading = min(counts, key=lambda kind: (-counts[kind], _ORDER.index(kind)))
    reason = min(one.reason for one in found if one.of is leading)
    share = f", as {counts[leading]} of {len(found)} alerts tell" if len(found) > 1 else ""
    return Classified(leading, f"{reason}{share}")


def tells_of_security(alerts: Iterable[Told], cause: str = "", category: str = "") -> bool:
    """Whether anything says that security or credentials are touched, be it not the leading class."""
    if cause and class_of_cause(cause, category) is Class.SECURITY:
        return True
    return any(classify_alert(told).of is Class.SECURITY for told in alerts)

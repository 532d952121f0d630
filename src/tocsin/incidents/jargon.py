"""Words that engineers use among themselves, each with what everybody else understands. Pure."""

from __future__ import annotations

import re

# A term (its plural is known too), then what to say instead.
PLAIN: dict[str, str] = {
    "backlog": "work that is waiting",
    "backend": "our systems",
    "bottleneck": "what slows it down",
    "bug": "mistake in our software",
    "cache": "stored copy",
    "canary": "a first small group",
    "certificate": "the proof of identity of our site",
    "circuit breaker": "safety switch",
    "cluster": "group of servers",
    "commit": "change",
    "config": "settings",
    "connection pool": "connections to our database",
    "container": "part of our system",
    "cpu": "computing power",
    "crash loop": "it keeps restarting",
    "cronjob": "scheduled task",
    "cutover": "switch",
    "daemon": "background program",
    "deadlock": "two parts waiting for each other",
    "degradation": "it is slower or works only in part",
    "dependency": "something that it needs",
    "deploy": "release",
    "deployment": "release",
    "dns": "the directory of internet names",
    "downstream": "systems that rely on it",
    "endpoint": "part of our service",
    "failover": "switch to the spare system",
    "feature flag": "switch for a feature",
    "garbage collection": "internal clean-up",
    "hotfix": "quick correction",
    "ingress": "entrance to our system",
    "k8s": "our servers",
    "kubernetes": "our servers",
    "latency": "slow responses",
    "load balancer": "what shares out requests",
    "memory leak": "a program that used up its memory",
    "microservice": "part of our system",
    "mitigate": "reduce the effect",
    "mitigation": "a way to reduce the effect",
    "namespace": "part of our system",
    "node": "server",
    "null pointer": "mistake in our software",
    "on-call": "the engineer on duty",
    "oom": "a program that used up its memory",
    "out of memory": "a program that used up its memory",
    "outlier": "exception",
    "packet loss": "lost connections",
    "pod": "part of our system",
    "postmortem": "report on what happened",
    "post-mortem": "report on what happened",
    "prod": "the live system",
    "proxy": "an intermediate system",
    "race condition": "two things that happened in the wrong order",
    "rate limit": "limit on requests",
    "rca": "report on the cause",
    "read replica": "copy of the database",
    "regression": "something that worked before",
    "remediation": "the fix",
    "replica": "copy",
    "rollback": "return to the version before",
    "roll back": "return to the version before",
    "rolled back": "returned to the version before",
    "rollout": "release",
    "root cause": "cause",
    "runbook": "our instructions",
    "segfault": "a crash",
    "shard": "part of the database",
    "sidecar": "part of our system",
    "single point of failure": "a part without a spare",
    "sla": "what we promise",
    "slo": "our goal",
    "sre": "our engineers",
    "stack trace": "technical details",
    "telemetry": "measurements",
    "terraform": "our set-up",
    "throttle": "slow down on purpose",
    "throttling": "slowing down on purpose",
    "throughput": "how much gets through",
    "timeout": "no answer in time",
    "time out": "get no answer in time",
    "timed out": "got no answer in time",
    "tls": "the secure connection",
    "triage": "first look",
    "upstream": "a system that it relies on",
    "workaround": "another way to do it",
    "workload": "part of our system",
}
_TERM = re.compile(
    r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(PLAIN, key=len, reverse=True))) + r")(?:e?s)?(?![\w-])",
    re.IGNORECASE | re.ASCII,
)


def terms(text: str) -> list[tuple[int, int, str]]:
    """Where the terms stand, and what to say instead of each: (start, end, plain words)."""
    return [(found.start(), found.end(), _plain(found[0].lower())) for found in _TERM.finditer(text)]


def _plain(term: str) -> str:
    known = (term, term.removesuffix("s"), term.removesuffix("es"))
    return next(PLAIN[one] for one in known if one in PLAIN)

"""A long history for benchmarks: incidents with their timelines, reports and words, written straight into a database by COPY.

Words are those of operations, a few of them in most texts and most of them in few, beside names that occur once. One incident in
five hundred is open; severities, senders, places and people are as unevenly spread as in a large installation.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

import psycopg

CHUNK = 50_000
ENTRIES = 10  # a timeline
START = datetime(2020, 1, 1, tzinfo=UTC)
EVERY = timedelta(minutes=3)
PLACES, PEOPLE, SERVICES = 40, 60, 300
WORDS = """
error timeout memory database pod restart latency deploy rollback connection refused limit node disk queue cache payment cart
checkout search login token certificate expired dns lookup failed killed crash loop probe readiness liveness image pull registry
secret config map rollout replica throttled cpu pressure evicted volume mount pvc storage quota exceeded ingress gateway upstream
reset handshake tls proxy sidecar mesh policy denied permission forbidden role binding service account webhook admission schedule
taint toleration affinity drain cordon upgrade kernel panic swap inode thread pool exhausted deadlock migration schema index lock
replication lag primary failover leader election quorum etcd snapshot backup restore terraform apply plan state drift provider
module variable output policy sentinel cost budget region zone bucket object versioning lifecycle lambda function cold start
concurrency stream consumer group offset partition rebalance broker retention compaction topic publisher subscriber dead letter
retry backoff jitter circuit breaker fallback degraded partial outage customer report support ticket vendor status page mitigated
verified monitored traffic shifted canary feature flag disabled enabled toggled hotfix patched reverted merged released version
"""
ALERTS = (
    "KubePodCrashLooping",
    "HighErrorRate",
    "HighLatency",
    "KubePodNotReady",
    "NodeNotReady",
    "DiskFull",
    "QueueBacklog",
)
SEVERITIES, STATUSES = ("low", "medium", "high", "critical"), ("closed", "resolved", "postmortem")
TRIGGERS = ("alertmanager", "grafana", "datadog", "pagerduty", "declared", "apply-failure", "drift")


class Words:
    """Texts from a random source, each word as often as its place in the list says."""

    def __init__(self, random: Random) -> None:
        self._random = random
        common = WORDS.split()
        self._words = common + [f"{first}{second}" for first in common[:150] for second in common[50:170]]
        self._weights = list(accumulate(1 / (place + 3) for place in range(len(self._words))))

    def text(self, count: int) -> str:
        """A text of so many words."""
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=count))

    def name(self) -> str:
        """A name that hardly occurs again, as pods and hosts have them."""
        return f"{self._random.choice(self._words[:60])}-{self._random.getrandbits(36):09x}"


def write(database: str, incidents: int) -> None:
    """Writes that many incidents, ten timeline entries each, into the empty database of a Tocsin."""
    random = Random(11)
    words = Words(random)
    notes = [words.text(random.randint(6, 25)) for _ in range(20_000)]
    lines = [words.text(8) for _ in range(20_000)]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        _places(connection)
        connection.execute("ALTER TABLE incidents_incident DISABLE TRIGGER incident_words_of_opened")
        connection.execute("ALTER TABLE incidents_timelineentry DISABLE TRIGGER incident_words_of_note")
        for first in range(1, incidents + 1, CHUNK):
            numbers = range(first, min(first + CHUNK, incidents + 1))
            _incidents(connection, numbers, random, words, incidents)
            chosen = {number: random.choice(notes) for number in numbers if random.random() < 0.4}
            _timelines(connection, numbers, chosen, random, lines)
            _reports(connection, numbers, random, lines)
            _services(connection, numbers, random)
            _documents(connection, numbers)
        connection.execute("ALTER TABLE incidents_incident ENABLE TRIGGER incident_words_of_opened")
        connection.execute("ALTER TABLE incidents_timelineentry ENABLE TRIGGER incident_words_of_note")
        for table in ("incidents_incident", "incidents_timelineentry"):
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        connection.execute("VACUUM ANALYZE")


def _places(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO catalog_project (id, slug, name, naming_labels) "
        "SELECT 1000 + n, 'team-' || n, 'Team ' || n, '[]' FROM generate_series(1, %s) n",
        [PLACES],
    )
    connection.execute(
        "INSERT INTO catalog_environment (id, project_id, slug, kind) "
        "SELECT 1000 + n, 1000 + n, 'production', 'production' FROM generate_series(1, %s) n",
        [PLACES],
    )
    connection.execute(
        "INSERT INTO accounts_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, "
        "date_joined, role) SELECT 1000 + n, '', false, 'person-' || n, '', '', '', false, true, now(), 'responder' "
        "FROM generate_series(1, %s) n",
        [PEOPLE],
    )


def _skewed(random: Random, count: int) -> int:
    """One of `count` numbers from 0 on, the first ones far more often."""
    return min(count - 1, int(random.paretovariate(0.7)) - 1)


def _incidents(connection: psycopg.Connection, numbers: range, random: Random, words: Words, total: int) -> None:
    columns = (
        "id, environment_id, title, subject, subject_key, severity, severity_reason, opened_by, status, analysis, assignee_id, "
        "resolution, triggered_at, resolved_at, quiet_period, traits, pulse"
    )
    with connection.cursor().copy(f"COPY incidents_incident ({columns}) FROM STDIN") as copy:
        for number in numbers:
            copy.write_row(_incident(number, random, words, total))


def _incident(number: int, random: Random, words: Words, total: int) -> tuple[object, ...]:
    at = START + number * EVERY
    is_open = random.random() < (0.1 if number > total - 10_000 else 0.001)
    status = "triggered" if is_open else random.choices(STATUSES, (90, 9, 1))[0]
    ended = None if is_open else at + timedelta(minutes=random.paretovariate(0.9) * 4)
    place = _skewed(random, PLACES)
    title = f"{ALERTS[_skewed(random, len(ALERTS))]}: {words.text(2)}/{words.name()} {words.text(3)}"
    assignee = 1001 + _skewed(random, PEOPLE) if random.random() < 0.7 else None
    severity, trigger = random.choices(SEVERITIES, (50, 35, 13, 2))[0], TRIGGERS[_skewed(random, len(TRIGGERS))]
    return (
        *(number, 1001 + place, title, "{}", "", severity, "", trigger, status, "complete", assignee),
        *("" if is_open else "fixed", at, ended, "5 minutes", "{}", "{}"),
    )


def _timelines(
    connection: psycopg.Connection, numbers: range, notes: dict[int, str], random: Random, lines: list[str]
) -> None:
    columns = "incident_id, at, kind, actor, text, reference"
    with connection.cursor().copy(f"COPY incidents_timelineentry ({columns}) FROM STDIN") as copy:
        for number in numbers:
            at = (START + number * EVERY).isoformat()
            told = [("alert", line) for line in random.choices(lines, k=ENTRIES)]
            if number in notes:
                told[5] = ("note", notes[number])
            copy.write("".join(f"{number}\t{at}\t{kind}\ttocsin\t{text}\t{{}}\n" for kind, text in told))


def _reports(connection: psycopg.Connection, numbers: range, random: Random, lines: list[str]) -> None:
    columns = "id, incident_id, ordinal, requested_by, requested_at, attempts, error"
    with connection.cursor().copy(f"COPY investigation_investigation ({columns}) FROM STDIN") as copy:
        for number in numbers:
            copy.write(f"{number}\t{number}\t1\ttocsin\t2026-01-01\t1\t\n")
    columns = "investigation_id, content, outcome, cause, summary, confidence, stored_at"
    with connection.cursor().copy(f"COPY investigation_storedreport ({columns}) FROM STDIN") as copy:
        for number in numbers:
            cause = f"cause-{_skewed(random, 60)}"
            copy.write(f"{number}\t{{}}\tdiagnosed\t{cause}\t{random.choice(lines)}\t0.9\t2026-01-01\n")


def _services(connection: psycopg.Connection, numbers: range, random: Random) -> None:
    with connection.cursor().copy(
        "COPY incidents_incidentservice (incident_id, slug, role, reason) FROM STDIN"
    ) as copy:
        for number in numbers:
            copy.write(f"{number}\tservice-{_skewed(random, SERVICES)}\tcause\ttold by the cause\n")


def _documents(connection: psycopg.Connection, numbers: range) -> None:
    """The same words that the triggers would have kept, one by one."""
    connection.execute(
        """
        INSERT INTO incidents_searchdocument (incident_id, words)
        SELECT i.id, incident_words(i.title, 'A') || incident_words(r.cause || ' ' || r.summary, 'B')
            || incident_words(coalesce(n.text, ''), 'C')
        FROM incidents_incident i JOIN investigation_storedreport r ON r.investigation_id = i.id
        LEFT JOIN incidents_timelineentry n ON n.incident_id = i.id AND n.kind = 'note'
        WHERE i.id BETWEEN %s AND %s
        """,
        [numbers[0], numbers[-1]],
    )

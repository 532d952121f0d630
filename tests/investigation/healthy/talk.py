"""Healthy although the logs are full of words that sound like trouble."""

from tests.investigation.clusters import Cluster, ago, stamped
from tests.investigation.healthy.rollouts import roll
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import CALLS


def everybody(made: Cluster, *lines: str, minutes: float = 3) -> None:
    """Let every program of the library say the same a moment ago, with the time that the kubelet writes."""
    for name in CALLS:
        for pod in made[name].pods:
            made.log(pod, *(stamped(ago(minutes=minutes), line) for line in lines))


@tempting()
def counters_of_errors_that_are_zero(made: Cluster) -> None:
    everybody(
        made,
        "stats requests=5123 error=0 errors=0 failed=0 timeout=0 panics=0",
        "checked 812 loans: no errors, 0 failures, nothing missing",
        'http_requests_failed_total{code="500"} 0',
        "backup finished without errors; 0 files failed, 0 denied",
        "error rate 0.00 %, connection refused: 0, timed out: 0",
    )


@tempting()
def json_lines_whose_error_is_null(made: Cluster) -> None:
    everybody(
        made,
        '{"level":"info","msg":"request finished","status":200,"error":null,"exception":null,"took_ms":12}',
        '{"level":"info","msg":"job done","failures":[],"errors":[],"timeout":false,"retries":0}',
        '{"severity":"INFO","message":"circuit breaker closed","last_error":"","failed":false}',
    )


@tempting()
def retries_that_succeeded(made: Cluster) -> None:
    everybody(
        made,
        "WARN request to http://accounts:80 failed (connection reset), retrying in 100 ms (attempt 1 of 5)",
        "INFO request to http://accounts:80 succeeded at attempt 2",
        "WARN optimistic lock failed, will retry",
        "INFO transaction committed after 1 retry",
    )


@tempting()
def pages_that_visitors_and_scanners_do_not_find(made: Cluster) -> None:
    for pod in made["portal"].pods:
        paths = ("/wp-login.php", "/.env", "/phpmyadmin/", "/robots.txt", "/apple-touch-icon.png", "/books/0000")
        lines = [
            f'203.0.113.7 - - [01/Mar/2026:11:58:0{n}] "GET {path} HTTP/1.1" 404 146' for n, path in enumerate(paths)
        ]
        made.log(pod, *(stamped(ago(minutes=2), line) for line in lines * 10))


@tempting()
def users_who_mistype_their_passwords(made: Cluster) -> None:
    for pod in made["accounts"].pods:
        lines = (
            "WARN login failed for user 'm.weber': wrong password",
            "INFO audit: authentication failed, account not locked (2 of 5)",
            "WARN token expired for session 81723, asking to sign in again",
            'INFO "POST /login HTTP/1.1" 401 52',
        )
        made.log(pod, *(stamped(ago(minutes=4), line) for line in lines))


@tempting()
def visitors_who_went_away(made: Cluster) -> None:
    everybody(
        made,
        "WARN write tcp 10.42.1.7:8080->10.42.3.1:51532: write: broken pipe",
        "DEBUG request cancelled by the client: context canceled",
        "2026/03/01 11:57:00 http: TLS handshake error from 10.42.0.1:40113: EOF",
        "java.io.IOException: Connection reset by peer (client closed the page)",
    )


@tempting()
def dependencies_that_were_slow_to_start_with_this_one(made: Cluster) -> None:
    app = roll(made, "fines", 20)
    for pod in app.pods:
        made.log(
            pod,
            stamped(ago(minutes=20), "ERROR dial tcp: lookup loans: connection refused, retrying"),
            stamped(ago(minutes=19.9), "WARN loans:80 connection refused, next try in 5 s"),
            stamped(ago(minutes=19), "INFO connected to loans:80"),
            *(stamped(ago(minutes=18 - n), 'INFO "GET /healthz HTTP/1.1" 200') for n in range(18)),
        )


@tempting()
def a_database_that_talks_as_databases_do(made: Cluster) -> None:
    lines = (
        "LOG:  checkpoint complete: wrote 312 buffers (1.9%); 0 WAL file(s) added",
        "FATAL:  the database system is starting up",
        "LOG:  could not receive data from client: Connection reset by peer",
        'ERROR:  duplicate key value violates unique constraint "loans_pkey"',
        "ERROR:  canceling statement due to user request",
        "LOG:  unexpected EOF on client connection with an open transaction",
        "STATEMENT:  INSERT INTO loans (id, failed) VALUES ($1, $2)",
    )
    made.log(made["database"].pod, *(stamped(ago(minutes=30 - n), line) for n, line in enumerate(lines)))


@tempting()
def words_of_the_trade_that_mean_something_else(made: Cluster) -> None:
    everybody(
        made,
        "INFO book 'Connection Refused: A Memoir' added to shelf 12",
        "INFO title='No Such Host' author='X. Domain' tags=[timeout, denied, OOMKilled]",
        "INFO feature flag panic-mode=false fail-fast=true read-only-replicas=2",
        'INFO search for "out of memory" returned 14 books',
        "INFO topic fatal-errors has 0 messages; consumer group error-mailer is idle",
        "INFO user asked: why is my container killed with exit code 137?",
    )


@tempting()
def deprecated_things_that_still_work(made: Cluster) -> None:
    everybody(
        made,
        "WARN setting 'cache.ttl' is deprecated and will be required to be named 'cache.lifetime' in 3.0",
        "(node:1) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.",
        "WARNING: An illegal reflective access operation has occurred",
        "WARN could not find an optional native library, falling back to the portable one",
        "WARN Unable to load native-hadoop library for your platform... using builtin-java classes where applicable",
    )


@tempting()
def leaders_elected_and_updates_tried_again(made: Cluster) -> None:
    everybody(
        made,
        "I0301 11:52:01 leaderelection.go:250] attempting to acquire leader lease shop/notices...",
        'E0301 11:52:09 Operation cannot be fulfilled on configmaps "lock": the object has been modified; please apply',
        "W0301 11:53:00 reflector.go:561] watch of *v1.ConfigMap ended with: too old resource version, unable to decode",
        "I0301 11:53:01 failed to renew lease, stepping down; another replica took over",
    )


@tempting()
def a_partner_that_limits_requests(made: Cluster) -> None:
    for pod in made["notices"].pods:
        made.log(
            pod,
            stamped(ago(minutes=5), "WARN smtp.example.org answered 429 too many requests, waiting 2 s"),
            stamped(ago(minutes=4.9), "INFO sent after 1 retry"),
            stamped(ago(minutes=2), "WARN push.example.com: 503 service unavailable, queued for later"),
            stamped(ago(minutes=1), "INFO queue drained, 0 failed"),
        )


@tempting()
def an_error_of_one_request_among_thousands(made: Cluster) -> None:
    lines = [stamped(ago(seconds=3 * n), f'INFO "GET /books/{n} HTTP/1.1" 200 5120') for n in range(400, 0, -1)]
    failed = stamped(ago(seconds=600), "ERROR unhandled exception in GET /books/77: KeyError: 'isbn'")
    trace = [stamped(ago(seconds=600), text) for text in ("Traceback (most recent call last):", "KeyError: 'isbn'")]
    made.log(made["catalog"].pod, *lines[:200], failed, *trace, *lines[200:])


@tempting()
def old_trouble_at_the_head_of_a_long_log(made: Cluster) -> None:
    old = [
        stamped(ago(hours=40), f"ERROR could not connect to database:5432: connection refused (try {n})")
        for n in range(30)
    ]
    new = [stamped(ago(minutes=60 - n), "INFO still here") for n in range(60)]
    for pod in made["loans"].pods:
        made.log(pod, *old, *new)


@tempting()
def slow_queries_written_down(made: Cluster) -> None:
    lines = [
        f"LOG:  duration: {1200 + n}.221 ms  statement: SELECT * FROM books WHERE error IS NOT NULL" for n in range(9)
    ]
    made.log(made["database"].pod, *(stamped(ago(minutes=9), line) for line in lines))


@tempting()
def a_person_mistypes_a_query(made: Cluster) -> None:
    usual = [f"LOG:  checkpoint complete: wrote {300 + n} buffers" for n in range(4)]
    lines = (
        *usual,
        'ERROR:  column "isbm" does not exist at character 8',
        "STATEMENT:  SELECT isbm FROM books LIMIT 3;",
    )
    made.log(made["database"].pod, *(stamped(ago(minutes=4), line) for line in lines))


@tempting()
def stores_tell_how_they_are_set(made: Cluster) -> None:
    made.log(
        made["database"].pod,
        *(
            stamped(ago(minutes=2), line)
            for line in (
                "LOG:  starting PostgreSQL 17.2, max_connections = 200, shared_buffers = 512MB",
                'LOG:  parameter "max_connections" changed to "200"',
                "LOG:  begin read-only transaction for the nightly report",
                "LOG:  certificate of the server loaded, NotAfter: Jan 12 09:00:00 2027 GMT",
            )
        ),
    )


@tempting()
def sessions_of_visitors_run_out(made: Cluster) -> None:
    for name in ("portal", "accounts"):
        made.log(
            made[name].pod,
            stamped(ago(minutes=3), "session of reader 81723: token has expired, sent to the sign-in page"),
            stamped(ago(minutes=2), "error: jwt: token is expired by 3m12s (GET /me), answered 401"),
            stamped(ago(minutes=1), 'INFO "GET /books HTTP/1.1" 200 5120'),
        )


@tempting()
def a_message_put_aside_as_it_should_be(made: Cluster) -> None:
    made.log(
        made["notices"].pod,
        stamped(ago(minutes=8), "moved message 4711 to the dead-letter queue after error: invalid address"),
        stamped(ago(minutes=7), "consumer goes on, 0 messages wait"),
    )


@tempting()
def a_pause_of_seconds_written_down(made: Cluster) -> None:
    made.log(
        made["loans"].pod,
        stamped(ago(minutes=12), "WARN Thread[vertx-eventloop-1] has been blocked for 2110 ms, time limit is 2000 ms"),
        stamped(ago(minutes=11), "WARN HikariPool-1 - Thread starvation or clock leap detected (delta=1m3s)"),
        *(stamped(ago(minutes=10 - n), 'INFO "POST /loans HTTP/1.1" 201 31') for n in range(10)),
    )


@tempting("inconclusive")
def a_program_that_hardly_writes_and_then_only_errors(made: Cluster) -> None:
    made.log(
        made["media"].pod,
        stamped(ago(minutes=19), "ERROR cover 9780140449136 is no image, skipped"),
        stamped(ago(minutes=13), "ERROR thumbnail of 9783161484100 has an odd size, scaled"),
        stamped(ago(minutes=7), "ERROR reader closed the page before the cover was sent"),
    )


@tempting()
def single_timeouts_of_the_resolver_outside(made: Cluster) -> None:
    for pod in made["coredns"].pods:
        said = (
            f"[ERROR] plugin/errors: 2 {name}. A: read udp 10.42.0.5:4711->10.0.0.2:53: i/o timeout"
            for name in ("telemetry.example.net", "ads.example.org", "mirror.example.com")
        )
        answered = '[INFO] 10.42.1.9:41533 - 4412 "A IN pay.example.org. udp 47" NOERROR qr,rd,ra 92 0.011s'
        made.log(pod, *(stamped(ago(minutes=18 - 4 * n), line) for n, line in enumerate(said)), *[answered] * 60)


@tempting()
def controllers_that_were_told_to_wait_once(made: Cluster) -> None:
    for name in ("log-shipper", "fines"):
        made.log(
            made[name].pod,
            stamped(ago(minutes=14), "E0301 client rate limiter Wait returned an error: context deadline exceeded"),
            stamped(ago(minutes=14), "E0301 etcdserver: request timed out, trying again"),
            stamped(ago(minutes=13), "I0301 caches are synced"),
        )


@tempting()
def readers_who_ask_too_often(made: Cluster) -> None:
    made.log(
        made["search"].pod,
        stamped(ago(minutes=9), "rate limit exceeded for client 203.0.113.9, answered 429 (protects the index)"),
        *(stamped(ago(minutes=8 - n), 'INFO "GET /search HTTP/1.1" 200 930') for n in range(8)),
    )

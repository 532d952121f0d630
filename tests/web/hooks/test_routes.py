"""The webhook route itself, on a real database."""

from __future__ import annotations

import hmac
import secrets

import msgspec
import pytest
from django.utils import timezone

from tests.factories import NOW, make_source
from tests.web.hooks.sending import SECRET, Answer, Sent, send_all
from tocsin.alerts.models import Alert, Signal
from tocsin.alerts.sources import alertmanager, atlantis, grafana
from tocsin.catalog.models import HeldBack, Source
from tocsin.ground.secrets import seal, unseal
from tocsin.web.hooks.routes import LARGEST_BODY

pytestmark = pytest.mark.django_db(transaction=True)


def post_all(
    path: str, bodies: list[bytes | None], database: str | None = None, told: dict[str, str] | None = None
) -> list[Answer]:
    """What is answered to POSTs that arrive together."""
    return send_all([Sent(path, body, told or {}) for body in bodies], database)


def post(path: str, body: bytes | None, database: str | None = None) -> Answer:
    """One POST alone."""
    [answer] = post_all(path, [body], database)
    return answer


def test_a_signal_is_committed_when_it_is_accepted() -> None:
    _, token = make_source()
    status, answer, _ = post(f"/hooks/alertmanager/{token}", alertmanager.EXAMPLE)
    assert (status, answer["alerts"]) == (202, 2)
    assert Signal.objects.get(pk=answer["signal"]).error == ""


def test_a_malformed_one_is_kept_sealed_and_answered_with_problem_details() -> None:
    _, token = make_source()
    status, answer, headers = post(f"/hooks/alertmanager/{token}", b"{not json")
    kept = Signal.objects.get(pk=answer["signal"])
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert answer["detail"] == kept.error
    assert unseal(SECRET, bytes(kept.sealed_body or b"")) == b"{not json"


@pytest.mark.parametrize("path", ["/hooks/alertmanager/wrong", "/hooks/generic/{token}", "/hooks/nothing/{token}"])
def test_a_wrong_token_or_kind_is_not_found(path: str) -> None:
    _, token = make_source()
    status, answer, _ = post(path.format(token=token), b"{}")
    assert (status, Signal.objects.count()) == (404, 0)
    assert "tocsin source" in answer["detail"]


def test_an_empty_body_is_called_so() -> None:
    _, token = make_source()
    assert post(f"/hooks/alertmanager/{token}", b"")[1]["detail"] == "the body is empty"


def test_a_revoked_source_is_not_found() -> None:
    source, token = make_source()
    Source.objects.filter(pk=source.pk).update(revoked_at=NOW)
    assert post(f"/hooks/alertmanager/{token}", alertmanager.EXAMPLE)[0] == 404


def test_one_bad_alert_takes_no_other_with_it() -> None:
    _, token = make_source("generic")
    status, answer, _ = post(f"/hooks/generic/{token}", b'[{"title": "good"}, {"title": ""}]')
    assert (status, answer["alerts"], len(answer["rejected"])) == (202, 1, 1)
    assert "alert 2" in Signal.objects.get(pk=answer["signal"]).error


def test_whoever_tells_of_a_deployment_hears_that_it_was_understood() -> None:
    _, token = make_source("atlantis")
    assert post(f"/hooks/atlantis/{token}", atlantis.EXAMPLE)[1]["deployments"] == 1


def test_a_poisonous_body_spoils_no_other_of_its_batch() -> None:
    _, token = make_source("generic")
    bodies = [msgspec.json.encode({"title": f"alert {n}"}) for n in range(20)]
    poison = b'{"title": "a", "labels": {"deployment": "%s"}}' % secrets.token_hex(4000).encode()
    answers = post_all(f"/hooks/generic/{token}", [*bodies[:10], poison, *bodies[10:]])
    assert {status for status, _, _ in answers} == {202}


def test_a_body_that_the_database_refuses_is_kept_as_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = make_source("generic")
    monkeypatch.setattr("tocsin.alerts.store.subject", lambda _: {"kind": "a\x00b"})
    answers = post_all(f"/hooks/generic/{token}", [b'{"title": "one"}', b'{"title": "two"}'])
    assert [status for status, _, _ in answers] == [400, 400]
    assert all("could not be kept" in kept.error for kept in Signal.objects.all())


def test_thousands_of_alerts_about_nothing_are_placed_quickly_enough_to_be_one_batch() -> None:
    _, token = make_source("generic")
    alerts = msgspec.json.encode([{"title": f"alert {n}"} for n in range(3000)])
    status, answer, _ = post(f"/hooks/generic/{token}", alerts)
    assert (status, answer["alerts"]) == (202, 3000)


def test_too_many_alerts_in_one_body_are_refused() -> None:
    _, token = make_source("generic")
    status, answer, _ = post(f"/hooks/generic/{token}", msgspec.json.encode([{"title": "a"}] * 10_001))
    assert (status, "at most 10000" in answer["detail"]) == (400, True)


def test_a_sender_that_hangs_up_leaves_nothing() -> None:
    _, token = make_source()
    post(f"/hooks/alertmanager/{token}", None)
    assert Signal.objects.count() == 0


def test_too_large_a_body_is_refused() -> None:
    _, token = make_source()
    assert post(f"/hooks/alertmanager/{token}", b" " * (LARGEST_BODY + 1))[0] == 413


def test_whoever_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.web.hooks.routes.BODY_WITHIN_S", 0.01)
    _, token = make_source("generic")
    [(status, answer, _)] = send_all([Sent(f"/hooks/generic/{token}", b"{", stalled=True)])
    assert (status, "did not arrive" in answer["detail"]) == (408, True)


def test_secrets_are_redacted_before_they_are_kept() -> None:
    _, token = make_source("generic")
    secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    body = msgspec.json.encode({"title": "Deploy failed", "description": f"token {secret} was refused"})
    status, answer, _ = post(f"/hooks/generic/{token}", body)
    assert status == 202
    assert secret not in Signal.objects.get(pk=answer["signal"]).body


def test_nul_in_a_payload_is_no_reason_to_lose_it() -> None:
    _, token = make_source("generic")
    status, _, _ = post(f"/hooks/generic/{token}", b'{"title": "a\\u0000b", "labels": {"x": "\\u0000"}}')
    assert status == 202


def test_without_a_database_the_sender_is_told_to_come_again() -> None:
    status, answer, headers = post("/hooks/generic/token", b"{}", "host=/nonexistent dbname=none connect_timeout=1")
    assert (status, headers["retry-after"]) == (503, "5")
    assert "Send this signal again" in answer["detail"]


def signed(body: bytes, key: bytes = b"a shared secret") -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(key, body, "sha256").hexdigest()}


@pytest.fixture
def github() -> tuple[Source, str]:
    source, token = make_source("github")
    source.sign_with(seal(SECRET, b"a shared secret"), NOW)
    return source, token


PING = b'{"zen": "Keep it logically awesome."}'


def test_a_source_with_a_key_takes_only_what_is_signed_with_it(github: tuple[Source, str]) -> None:
    path = f"/hooks/github/{github[1]}"
    status, answer, _ = post(path, PING)
    assert (status, Signal.objects.get(pk=answer["signal"]).body) == (401, "")
    assert "signature is missing" in Signal.objects.get(pk=answer["signal"]).error
    assert post_all(path, [PING], told=signed(PING))[0][0] == 202
    assert post_all(path, [PING], told=signed(PING, b"another"))[0][0] == 401


def test_while_a_key_can_not_be_read_nothing_is_taken_and_all_is_to_come_again(github: tuple[Source, str]) -> None:
    github[0].sign_with(seal("the secret of another installation", b"a shared secret"), NOW)
    [(status, answer, headers)] = post_all(f"/hooks/github/{github[1]}", [PING], told=signed(PING))
    assert (status, "retry-after" in headers) == (503, True)
    assert "sealed with another secret key" in answer["detail"]


def test_the_key_before_is_taken_for_a_day(github: tuple[Source, str]) -> None:
    source, token = github
    source.sign_with(seal(SECRET, b"the new one"), timezone.now())
    old, new = signed(PING), signed(PING, b"the new one")
    assert [post_all(f"/hooks/github/{token}", [PING], told=told)[0][0] for told in (old, new)] == [202, 202]
    Source.objects.update(former_key_until=timezone.now())
    assert post_all(f"/hooks/github/{token}", [PING], told=old)[0][0] == 401


def test_the_token_before_is_taken_for_a_day() -> None:
    source, former = make_source("generic")
    token = source.rotate(timezone.now())
    body = b'{"title": "a"}'
    assert [post(f"/hooks/generic/{one}", body)[0] for one in (former, token)] == [202, 202]
    Source.objects.update(former_token_until=timezone.now())
    assert post(f"/hooks/generic/{former}", body)[0] == 404


@pytest.mark.parametrize("in_turn", [True, False])
def test_a_signed_body_that_comes_again_changes_nothing(github: tuple[Source, str], in_turn: bool) -> None:
    sent = Sent(f"/hooks/github/{github[1]}", PING, signed(PING))
    answers = send_all([sent] * 3, in_turn=in_turn)
    assert {status for status, _, _ in answers} == {202}
    assert {answer["signal"] for _, answer, _ in answers} == {Signal.objects.get().pk}


def test_what_goes_on_is_heard_each_time_also_where_it_is_signed() -> None:
    source, token = make_source("grafana")
    source.sign_with(seal(SECRET, b"a shared secret"), NOW)
    told = {"x-grafana-alerting-signature": signed(grafana.EXAMPLE)["x-hub-signature-256"].removeprefix("sha256=")}
    sent = Sent(f"/hooks/grafana/{token}", grafana.EXAMPLE, told)
    assert {status for status, _, _ in send_all([sent] * 2, in_turn=True)} == {202}
    assert Alert.objects.get().reports == 2


def test_a_source_that_sends_too_much_is_told_to_come_again_and_counted() -> None:
    source, token = make_source("generic")
    Source.objects.update(requests_per_minute=2)
    sent = Sent(f"/hooks/generic/{token}", b'{"title": "a"}')
    answers = send_all([sent] * 5, in_turn=True)
    assert [status for status, _, _ in answers] == [202, 202, 503, 503, 503]
    assert 1 <= int(answers[-1][2]["retry-after"]) <= 30
    assert HeldBack.objects.get(source=source).requests == 3


def test_a_source_that_never_sends_again_is_not_held_back(github: tuple[Source, str]) -> None:
    Source.objects.update(requests_per_minute=1)
    bodies = [b'{"zen": "%d"}' % n for n in range(3)]
    sent = [Sent(f"/hooks/github/{github[1]}", body, signed(body)) for body in bodies]
    assert [status for status, _, _ in send_all(sent, in_turn=True)] == [202, 202, 202]


def test_what_is_not_sent_by_post_is_told_so() -> None:
    _, token = make_source("generic")
    [(status, _, headers)] = send_all([Sent(f"/hooks/generic/{token}", b"", method="GET")])
    assert (status, headers["allow"]) == (405, "POST")

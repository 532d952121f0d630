"""Topics of Amazon SNS, on a real database; Amazon is played."""

from __future__ import annotations

import pytest

from tests.alerts.amazon import HOST, TOPIC, Amazon
from tests.factories import make_source
from tests.web.hooks.sending import Answer, Sent, send_all
from tocsin.alerts.models import Alert, Signal
from tocsin.catalog.models import Source
from tocsin.ground.outbound import Answer as Fetched
from tocsin.ground.outbound import OutboundError

pytestmark = pytest.mark.django_db(transaction=True)


class Played(Amazon):
    """Amazon, and what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.answers: dict[str, Fetched] = {}

    async def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        return self.answers.get(url, Fetched(200, {}, self.pem))

    def sends(self, token: str, *bodies: bytes) -> list[Answer]:
        sent = [Sent(f"/hooks/cloudwatch/{token}", body) for body in bodies]
        return send_all(sent, fetched=self.fetch, in_turn=True)


@pytest.fixture
def amazon() -> Played:
    return Played()


@pytest.fixture
def token() -> str:
    return make_source("cloudwatch")[1]


def test_a_subscription_is_confirmed_once_it_is_shown_to_be_from_sns(amazon: Played, token: str) -> None:
    answers = amazon.sends(token, amazon.signed(Type="SubscriptionConfirmation"), amazon.signed(MessageId="2"))
    assert [status for status, _, _ in answers] == [202, 202]
    assert [url.partition("?")[0] for url in amazon.asked] == [f"{HOST}/SimpleNotificationService-0.pem", f"{HOST}/"]
    assert (Source.objects.get().topic, Alert.objects.count()) == (TOPIC, 1)


def test_a_forged_subscription_visits_nothing(amazon: Played, token: str) -> None:
    [(status, answer, _)] = amazon.sends(token, Amazon().signed(Type="SubscriptionConfirmation"))
    assert (status, "not from SNS" in answer["detail"]) == (403, True)
    assert amazon.asked == [f"{HOST}/SimpleNotificationService-0.pem"]
    kept = Signal.objects.get(pk=answer["signal"])
    assert (kept.error, kept.body, Source.objects.get().topic) == (answer["detail"], "", "")


@pytest.mark.parametrize(
    "changed",
    [
        {"SigningCertURL": "https://evil.example/a.pem"},
        {"SigningCertURL": "http://sns.eu-central-1.amazonaws.com/a.pem"},
        {"Type": "SubscriptionConfirmation", "SubscribeURL": "http://169.254.169.254/?Action=ConfirmSubscription"},
    ],
)
def test_nothing_leads_us_elsewhere(amazon: Played, token: str, changed: dict[str, str]) -> None:
    [(status, _, _)] = amazon.sends(token, amazon.signed(**changed))
    assert status == 403
    assert all(url.startswith(f"{HOST}/Simple") for url in amazon.asked)


def test_only_the_confirmed_topic_is_heard(amazon: Played, token: str) -> None:
    Source.objects.update(topic=TOPIC)
    another = "arn:aws:sns:eu-central-1:666:theirs"
    confirmation = amazon.signed(Type="SubscriptionConfirmation", TopicArn=another)
    answers = amazon.sends(token, confirmation, amazon.signed(TopicArn=another))
    assert [status for status, _, _ in answers] == [403, 403]
    assert f"hears {TOPIC} alone" in answers[0][1]["detail"]


def test_nothing_is_heard_before_a_topic_is_confirmed(amazon: Played, token: str) -> None:
    [(status, answer, _)] = amazon.sends(token, amazon.signed())
    assert (status, "no subscription was confirmed yet" in answer["detail"]) == (403, True)


def test_the_end_of_a_subscription_is_noted_and_not_undone(amazon: Played, token: str) -> None:
    Source.objects.update(topic=TOPIC)
    [(status, _, _)] = amazon.sends(token, amazon.signed(Type="UnsubscribeConfirmation"))
    assert (status, len(amazon.asked), Alert.objects.count()) == (202, 1, 0)


def test_a_message_that_comes_again_changes_nothing(amazon: Played, token: str) -> None:
    Source.objects.update(topic=TOPIC)
    answers = amazon.sends(token, amazon.signed(), amazon.signed())
    assert [answer["signal"] for _, answer, _ in answers] == [Signal.objects.get().pk] * 2


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_certificate_that_is_not_there_proves_nothing(amazon: Played, token: str, status: int) -> None:
    elsewhere = {"Location": "https://evil.example/a.pem"}
    amazon.answers[f"{HOST}/SimpleNotificationService-0.pem"] = Fetched(status, elsewhere, amazon.pem)
    [(answered, _, _)] = amazon.sends(token, amazon.signed())
    assert (answered, len(amazon.asked)) == (503 if status == 500 else 403, 1)


def test_when_sns_can_not_be_asked_the_message_is_to_come_again(amazon: Played, token: str) -> None:
    async def away(url: str) -> Fetched:
        raise OutboundError("no way there")

    [(status, _, headers)] = send_all([Sent(f"/hooks/cloudwatch/{token}", amazon.signed())], fetched=away)
    assert (status, "retry-after" in headers, Signal.objects.count()) == (503, True, 0)

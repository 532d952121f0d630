"""What an incident's page shows of its calls: that nobody answered only once they had the time to."""

from __future__ import annotations

import pytest

from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tests.workflows.sending import minutes
from tests.workflows.test_escalating import run_until
from tocsin.web.pages.called import called_of


@pytest.mark.django_db
def test_that_nobody_answered_is_said_when_whoever_was_called_last_had_their_time_to() -> None:
    make_reachable("alice")
    make_policy(step("person alice", 5))
    incident = opened()
    run_until(minutes(1))
    waiting, over = called_of(incident, minutes(1)), called_of(incident, minutes(6))
    assert waiting is not None
    assert over is not None
    assert (waiting.is_alarm, waiting.standing) == (False, "Nobody follows where nobody answers")
    assert (over.is_alarm, over.standing) == (True, "Every step was carried out, and nobody answered")

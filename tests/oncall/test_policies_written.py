"""Policies as they are kept and sent."""

from __future__ import annotations

import pytest

from tocsin.oncall.escalation import BadPolicy, Policy, Step, Target, To
from tocsin.oncall.policies_written import read, written


@pytest.mark.parametrize("name", ["al\x00ice", "alice\ud800"])
def test_a_name_that_no_database_keeps_is_refused(name: str) -> None:
    with pytest.raises(BadPolicy, match="can't be kept"):
        read(written(Policy((Step((Target(To.PERSON, name),)),))))

"""What a list of incidents is asked for, as parameters: the same that the pages' addresses say."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

from tocsin.incidents.search import PARAMETERS, Asked, read
from tocsin.incidents.triage.scale import Scale

Values = Annotated[list[str], Field(default_factory=list)]


class Sought(Schema):
    """Each filter that is said must hold; said several times, one of its values must."""

    view: Annotated[str, Field(description="active, analyzing, open, resolved, postmortem-pending, closed or all")] = ""
    q: Annotated[str, Field(description='words, "a phrase", -word, OR, and filters such as severity:high')] = ""
    sort: Annotated[str, Field(description="newest, oldest, severity, longest, shortest, or best for words")] = ""
    severity: Values
    status: Values
    trigger: Annotated[list[str], Field(default_factory=list, description="a kind of source, deployment, declared")]
    service: Values
    project: Values
    environment: Annotated[list[str], Field(default_factory=list, description="ENVIRONMENT or PROJECT/ENVIRONMENT")]
    assignee: Annotated[list[str], Field(default_factory=list, description="a user name, me or nobody")]
    since: Annotated[str, Field(description="the first day, in UTC: 2026-03-01")] = ""
    until: Annotated[str, Field(description="the last day")] = ""
    held: Annotated[str, Field(description="yes or no: whether a silence holds it")] = ""

    def asked(self, scale: Scale) -> Asked:
        """The search. Raises BadSearch."""
        said = {name: getattr(self, name) for name in PARAMETERS}
        return read({name: [each] if isinstance(each, str) else each for name, each in said.items()}, scale)

"""Whom each route lets in. A new route needs a line here: under its door, METHOD and the route without its parameters' kinds."""

from __future__ import annotations

from enum import Enum

ADMIN, MANAGER, OWNER, MATE, STRANGER, LOOKER, ANONYMOUS = PEOPLE = (
    *("admin", "manager", "owner", "mate", "stranger"),
    *("looker", "anonymous"),
)
IN, FORBIDDEN, UNSEEN, LOGIN = "let in", "403", "404", "asked to log in"


class Door(Enum):
    """What becomes of those people, in their order.

    The owner is a responder, the mate a viewer, the manager a manager of the project; the stranger is a manager of another
    one; the looker is the admin, with a token that may only look.
    """

    READ = (IN, IN, IN, IN, UNSEEN, IN, LOGIN)  # something of a project
    RESPOND = (IN, IN, IN, FORBIDDEN, UNSEEN, FORBIDDEN, LOGIN)
    MANAGE = (IN, IN, FORBIDDEN, FORBIDDEN, UNSEEN, FORBIDDEN, LOGIN)
    LIST = (IN, IN, IN, IN, IN, IN, LOGIN)  # rows of several projects, or of one's own: each sees theirs
    RESPOND_SOMEWHERE = (IN, IN, IN, FORBIDDEN, IN, FORBIDDEN, LOGIN)  # the view checks what the body names
    MANAGE_SOMEWHERE = (IN, IN, FORBIDDEN, FORBIDDEN, IN, FORBIDDEN, LOGIN)
    INSTALLATION = (IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, LOGIN)  # what is of all projects
    READ_INSTALLATION = (IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, IN, LOGIN)  # the same, only to be read
    THEIRS = (UNSEEN, UNSEEN, IN, UNSEEN, UNSEEN, UNSEEN, LOGIN)  # something that is the owner's alone
    PUBLIC = (IN, IN, IN, IN, IN, IN, IN)
    NOTHING = (UNSEEN, UNSEEN, UNSEEN, UNSEEN, UNSEEN, UNSEEN, UNSEEN)

    def of(self, person: str) -> str:
        """What becomes of one of PEOPLE."""
        return self.value[PEOPLE.index(person)]


_DOORS: dict[Door, str] = {
    Door.READ: """
        GET api/v1/projects/<slug>/status-page
        GET settings/status-page/<slug>
        GET api/v1/schedules/<slug>/shifts
        GET api/v1/schedules/<slug>/oncall
        GET api/v1/schedules/<slug>
        GET escalation/<slug>
        GET api/v1/escalation/policies/<slug>
        GET api/v1/incidents/<number>/escalation
        POST account/swaps/<number>
        GET oncall/<slug>
        GET incidents/<number>
        GET incidents/<number>/live
        GET incidents/<number>/attachments/<ordinal>
        POST incidents/<number>/presence
        GET incidents/<number>/evidence/<ordinal>
        GET incidents/<number>/runbook/history
        GET incidents/<number>/postmortem
        GET incidents/<number>/postmortem/live
        GET incidents/<number>/postmortem/file
        GET incidents/<number>/postmortem/<section>/history
        GET messages/<number>
        GET api/v1/messages/<number>
        GET actions/<name>
        GET silences/<number>/edit
        GET deployments/<number>
        GET deployments/<number>/log
        GET deployments/<number>/log/file
        GET deployments/<number>/rollback/history
        GET deployments/<number>/lessons/history
        GET services/<project>/<slug>
        GET projects/<slug>
        GET settings/severity/<slug>
        GET sources/<number>
        GET sources/<number>/mapping
        GET signals/<signal>
        GET signals/<signal>/body
        GET api/v1/incidents/<number>
        GET api/v1/incidents/<number>/timeline
        GET api/v1/incidents/<number>/report
        GET api/v1/incidents/<number>/updates
        GET api/v1/incidents/<number>/checklist
        GET api/v1/incidents/<number>/evidence
        GET api/v1/incidents/<number>/evidence/<ordinal>/picture
        GET api/v1/incidents/<number>/similar
        GET api/v1/incidents/<number>/alerts
        GET api/v1/actions/<name>
        GET api/v1/postmortems/<number>
        GET api/v1/postmortems/<number>/document
    """,
    Door.RESPOND: """
        DELETE api/v1/schedules/<slug>/temporaries/<temporary>
        POST api/v1/schedules/<slug>/temporaries
        POST api/v1/schedules/<slug>/swaps
        POST api/v1/swaps/<number>
        POST oncall/<slug>/temporaries/<temporary>
        POST oncall/<slug>/temporaries
        DELETE api/v1/schedules/<slug>/overrides/<override>
        POST api/v1/schedules/<slug>/overrides
        POST oncall/<slug>/overrides/<override>
        POST oncall/<slug>/overrides
        POST incidents/<number>/answer
        POST api/v1/incidents/<number>/answer
        POST escalation/alarms/<number>
        POST incidents/<number>/status
        POST incidents/<number>/severity
        POST incidents/<number>/workaround
        POST incidents/<number>/said
        POST incidents/<number>/cause
        POST incidents/<number>/roles
        POST incidents/<number>/times
        POST incidents/<number>/merge
        POST incidents/<number>/unmerge
        POST incidents/<number>/split
        POST incidents/<number>/actions
        POST incidents/<number>/assignee
        POST incidents/<number>/notes
        POST incidents/<number>/investigations
        POST incidents/<number>/runbook
        POST incidents/<number>/runbook/promotion
        GET incidents/<number>/updates
        POST incidents/<number>/updates
        POST incidents/<number>/updates/check
        POST incidents/<number>/checklist
        POST incidents/<number>/attachments
        POST incidents/<number>/attachments/<ordinal>/removal
        POST incidents/<number>/undo
        POST api/v1/incidents/<number>/undo
        POST incidents/<number>/postmortem/opening
        POST incidents/<number>/postmortem/state
        POST incidents/<number>/postmortem/plan
        POST incidents/<number>/postmortem/<section>
        POST actions/<name>/edit
        POST actions/<name>/state
        POST silences/<number>/replacement
        POST silences/<number>/end
        POST grouping/<number>/forget
        POST deployments/<number>/rollback
        POST deployments/<number>/lessons
        POST services/<project>/<slug>/edit
        POST services/<project>/<slug>/decision
        PATCH api/v1/incidents/<number>
        POST api/v1/incidents/<number>/cause
        POST api/v1/incidents/<number>/merge
        POST api/v1/incidents/<number>/unmerge
        POST api/v1/incidents/<number>/split
        POST api/v1/incidents/<number>/workaround
        POST api/v1/incidents/<number>/roles
        POST api/v1/incidents/<number>/status
        POST api/v1/incidents/<number>/severity
        POST api/v1/incidents/<number>/assignee
        POST api/v1/incidents/<number>/notes
        POST api/v1/incidents/<number>/investigations
        GET api/v1/incidents/<number>/updates/draft
        POST api/v1/incidents/<number>/updates
        POST api/v1/incidents/<number>/updates/check
        POST api/v1/incidents/<number>/checklist
        POST api/v1/incidents/<number>/evidence
        POST api/v1/incidents/<number>/evidence/screenshots
        DELETE api/v1/incidents/<number>/evidence/<ordinal>
        PUT api/v1/actions/<name>
        POST api/v1/actions/<name>/state
        POST api/v1/postmortems/<number>
        PUT api/v1/postmortems/<number>/sections/<section>
        POST api/v1/postmortems/<number>/state
        POST api/v1/postmortems/<number>/plan
    """,
    Door.MANAGE: """
        PUT api/v1/projects/<slug>/status-page
        POST api/v1/projects/<slug>/status-page/maintenance
        DELETE api/v1/projects/<slug>/status-page/maintenance/<maintenance>
        POST settings/status-page/<slug>
        PUT api/v1/schedules/<slug>
        PUT api/v1/escalation/policies/<slug>
        GET escalation/<slug>/edit
        POST escalation/<slug>/edit
        POST escalation/<slug>/archive
        POST escalation/choices
        POST oncall/<slug>/feed
        POST oncall/<slug>/archive
        POST oncall/<slug>/edit
        GET oncall/<slug>/edit
        POST projects/<slug>/labels
        POST projects/<slug>/members
        POST settings/severity/<slug>
        POST sources/<number>/terms
        POST sources/<number>/address
        POST sources/<number>/test
        POST sources/<number>/revocation
        POST sources/<number>/mapping/edit
        POST sources/<number>/mapping/<version>
    """,
    Door.LIST: """
        GET incidents
        GET account/contact
        POST account/contact
        GET api/v1/schedules
        GET api/v1/swaps
        GET escalation
        GET api/v1/escalation/policies
        GET api/v1/escalation/simulation
        GET api/v1/escalation/audit
        POST account/shifts/feed
        POST account/shifts/calendar
        POST account/shifts/absences
        POST account/shifts/zone
        GET account/shifts
        GET oncall
        GET
        GET incidents/statistics
        GET actions
        GET postmortems
        GET alerts
        GET silences
        GET silences/new
        GET grouping
        GET deployments
        GET services
        GET settings/severity
        GET settings/communication
        GET settings/status-page
        GET sources
        GET signals
        GET events
        GET find
        GET watch
        GET messages
        GET api/v1/messages
        GET api/v1/incidents
        GET api/v1/actions
        GET api/v1/postmortems
        POST views
        POST logout
        GET account
        POST account/password
        POST account/tokens
        GET api/v1/me
    """,
    Door.RESPOND_SOMEWHERE: """
        GET incidents/new
        POST incidents/new
        POST incidents/bulk
        POST incidents/bulk/undo
        POST alerts/chosen
        POST silences/submit
        POST services/new
        POST api/v1/incidents
        POST api/v1/incident-changes
        POST api/v1/actions
    """,
    Door.MANAGE_SOMEWHERE: """
        PUT api/v1/escalation/choices
        POST api/v1/schedules
        POST api/v1/escalation/policies
        GET escalation/new
        POST escalation/new
        POST oncall/new
        GET oncall/new
        GET sources/new
        POST sources/new
    """,
    Door.INSTALLATION: """
        POST escalation/watch
        PUT api/v1/settings/status-page
        POST api/v1/settings/status-page/maintenance
        DELETE api/v1/settings/status-page/maintenance/<maintenance>
        GET api/v1/channels
        POST api/v1/channels
        GET api/v1/channels/kinds
        GET api/v1/channels/<number>
        PUT api/v1/channels/<number>
        PATCH api/v1/channels/<number>
        PUT api/v1/channels/<number>/rules
        POST api/v1/channels/<number>/test
        DELETE api/v1/channels/<number>
        GET settings/channels
        GET settings/channels/new
        POST settings/channels/new
        GET settings/channels/<number>
        POST settings/channels/<number>/settings
        POST settings/channels/<number>/rules
        POST settings/channels/<number>/test
        POST settings/channels/<number>/state
        POST settings/status-page
        POST settings/severity
        GET people
        POST people/new
        GET people/<number>
        POST people/<number>/role
        POST people/<number>/email
        POST people/<number>/membership
        POST people/<number>/password
        POST people/<number>/standing
        POST settings/communication
        PUT api/v1/settings/communication/<key>
    """,
    Door.READ_INSTALLATION: """
        GET api/v1/settings/status-page
        GET api/v1/settings/communication
        GET settings/health
        GET api/v1/health
    """,
    Door.THEIRS: """
        POST account/shifts/absences/<number>
        GET views/<number>
        POST views/<number>/removal
        POST account/tokens/<token>/revocation
    """,
    Door.PUBLIC: """
        GET acknowledge/<token>
        POST acknowledge/<token>
        GET status-mail/confirm/<token>
        POST status-mail/confirm/<token>
        GET status-mail/end/<token>
        POST status-mail/end/<token>
        GET login
        POST login
        GET api/v1/openapi.json
    """,
    Door.NOTHING: """
        POST slack/<number>
        POST status-mail
        GET calendars/<token>.ics
        GET api/v1/
    """,
}


def _read() -> dict[tuple[str, str], Door]:
    found = {}
    for door, lines in _DOORS.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            method, _, route = line.partition(" ")
            assert (method, route) not in found, f"{line} is there twice"
            found[method, route] = door
    return found


EXPECTED = _read()

# Answered before Django is asked, so that no person's session counts: who may come in, and where that is tested.
IN_FRONT = {
    "/hooks/<source>": "the token of a source: tests/web/hooks",
    "/hooks/<source>/<token>": "the token of a source: tests/web/hooks",
    "/hooks/<source>/<token>/<path:path>": "the token of a source: tests/web/hooks",
    "/hooks/deployment/<token>": "the token of a source: tests/web/test_deployments.py",
    "/api/v2/status": "everybody, it says nothing: tests/web/hooks",
    "/api/v2/alerts": "the token of a source: tests/web/hooks",
    "/v2/enqueue": "the token of a source: tests/web/hooks",
    "/v2/change/enqueue": "the token of a source: tests/web/hooks",
    "/v2/alerts": "the token of a source: tests/web/hooks",
    "/v2/alerts/<alias:path>": "the token of a source: tests/web/hooks",
    "/agent/work": "the token of an agent: tests/web/test_agents.py",
    "/agent/work/<id:int>": "the token of an agent: tests/web/test_agents.py",
    "/healthz": "everybody, it says one word",
    "/status": "everybody, what was published: tests/web/status",
    "/status/<path:path>": "everybody, what was published: tests/web/status",
    "/static": "everybody: what is the same for all",
}

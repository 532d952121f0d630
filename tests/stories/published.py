"""A public status page on a running server, with what was told on it."""

from __future__ import annotations

from tests.stories.running import Tocsin

_PAGE = """
WITH page AS (
    INSERT INTO incidents_statuspage (title, about, version, published_at) VALUES ('Shop status', '', 1, now()) RETURNING id
), made AS (
    INSERT INTO incidents_component (page_id, name, description, "group", position, created_at)
    SELECT page.id, 'Component ' || n, '', '', n, now() - interval '100 days' FROM page, generate_series(1, %s) n
    RETURNING id
) SELECT id FROM made ORDER BY id
"""
_INCIDENT = """
INSERT INTO incidents_statusupdate
    (incident_id, audience, moment, headline, text, impact, data_loss, sent_by, sent_at)
SELECT id, 'external', moment, 'Checkout fails', 'We are looking into it.', 'major outage', 'unknown', 'alice', now() - past
FROM incidents_incident, (VALUES ('investigating', interval '2 hours'), ('resolved', interval '1 hour')) AS told (moment, past)
RETURNING id
"""
_STATES = """
INSERT INTO incidents_componentstate (update_id, component_id, state)
SELECT u.id, c.id, 'major outage' FROM incidents_statusupdate u, incidents_component c WHERE u.moment = 'investigating'
RETURNING id
"""


def publish(server: Tocsin, components: int = 1) -> None:
    """Publishes a page that tells of every incident there is."""
    server.rows(_PAGE, components)
    server.rows(_INCIDENT)
    server.rows(_STATES)

"""From a snapshot to a report: pure, typed, no Django and no client library."""

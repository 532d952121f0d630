"""The ground: the one HTTP door, redaction, secrets, timers. Knows nothing of incidents."""

"""Who carries the pager: rotations, schedules, overrides, escalation."""

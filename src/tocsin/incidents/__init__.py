"""Stage 3, people own it: lifecycle, severity, matching, timeline."""

"""Stage 4, why: collect read-only, then diagnose."""

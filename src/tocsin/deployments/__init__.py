"""Stage 2, a change was made: runs of infrastructure tools, what they said and what they left behind."""

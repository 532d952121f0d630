"""Stage 6: people are told, once and in the end: what is said to whom, through which channel, and what came of it."""

"""How Tocsin runs: settings, embedded PostgreSQL, processes, the job engine."""

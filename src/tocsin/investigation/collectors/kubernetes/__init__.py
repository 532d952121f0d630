"""A Kubernetes API client with one door that issues GET, and what to fetch through it."""

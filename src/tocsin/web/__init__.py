"""The edges that speak HTTP: webhooks, pages, and the live stream."""

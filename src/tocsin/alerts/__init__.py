"""Stage 1, a signal comes in: from a vendor's bytes to alerts with an identity."""

"""The catalogue: one file a cause, found by discovery."""

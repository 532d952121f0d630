"""The demonstration: realistic failing systems for a server to meet."""

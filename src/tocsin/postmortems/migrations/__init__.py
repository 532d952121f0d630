"""Migrations of the postmortems."""

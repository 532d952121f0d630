"""Tests of postmortems."""

"""Builders of commands: how to patch, undo and verify, each written once."""

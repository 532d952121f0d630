"""Exports of other products, made up."""

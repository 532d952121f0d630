"""Exports of other products, read into values: one module a product. Pure."""

"""Tocsin: self-hosted incident response. The packages below stand in the order in which an incident lives."""

__version__ = "0.1.0"

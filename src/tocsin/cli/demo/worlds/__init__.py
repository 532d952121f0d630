"""Six clusters of our own making, each the story of a failure (one of them of none), told relative to a given time."""

from __future__ import annotations

from tocsin.cli.demo.worlds.analytics import ANALYTICS
from tocsin.cli.demo.worlds.bookings import BOOKINGS
from tocsin.cli.demo.worlds.catalog import CATALOG
from tocsin.cli.demo.worlds.identity import IDENTITY
from tocsin.cli.demo.worlds.payments import PAYMENTS
from tocsin.cli.demo.worlds.shop import SHOP
from tocsin.cli.demo.worlds.story import World

WORLDS: tuple[World, ...] = (SHOP, PAYMENTS, CATALOG, BOOKINGS, ANALYTICS, IDENTITY)

"""Django's entry for this package."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.incidents"
    label = "incidents"

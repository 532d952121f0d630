"""Django's entry for this package."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.ground"
    label = "ground"

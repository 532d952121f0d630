"""Django's entry for this package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.web"
    label = "web"

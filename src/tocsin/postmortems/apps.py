"""Django's entry for this package."""

from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.postmortems"
    label = "postmortems"

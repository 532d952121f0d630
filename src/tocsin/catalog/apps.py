"""Django's entry for this package."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Names the app after its package."""

    name = "tocsin.catalog"
    label = "catalog"

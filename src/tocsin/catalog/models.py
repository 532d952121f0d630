"""Projects, their environments, clusters and services, and the sources whose signals they accept."""

from __future__ import annotations

import hashlib
import secrets

from django.db import models

from tocsin.catalog import services  # noqa: F401  # Django looks for tables here


class Project(models.Model):
    """What a team owns."""

    slug = models.SlugField(unique=True)
    name = models.TextField()
    naming_labels = models.JSONField(default=list, help_text="labels that name its services; empty: the usual ones")

    def __str__(self) -> str:
        return self.name


class Environment(models.Model):
    """One place where a project runs."""

    class Kind(models.TextChoices):
        """How much a failure here matters; an unknown one counts as production."""

        PRODUCTION = "production"
        STAGING = "staging"
        DEVELOPMENT = "development"
        UNKNOWN = "unknown"

    project = models.ForeignKey(Project, models.CASCADE, related_name="environments")
    slug = models.SlugField()
    kind = models.TextField(choices=Kind.choices, default=Kind.UNKNOWN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="environment_once")]

    def __str__(self) -> str:
        return f"{self.project.slug}/{self.slug}"


class Cluster(models.Model):
    """Where a Kubernetes cluster of an environment can be read. Credentials stay where they are: only paths are kept.

    Of kind `agent`, nobody here can read it: an agent in the cluster asks for work and sends what it read.
    """

    class Kind(models.TextChoices):
        """How it is reached."""

        KUBECONFIG = "kubeconfig"
        IN_CLUSTER = "in-cluster"
        SNAPSHOT = "snapshot"
        AGENT = "agent"

    environment = models.ForeignKey(Environment, models.CASCADE, related_name="clusters")
    name = models.TextField(help_text="as the label `cluster` of alerts says it, where an environment has several")
    kind = models.TextField(choices=Kind.choices)
    path = models.TextField(blank=True, help_text="kubeconfig file or snapshot; empty: the usual kubeconfig")
    context = models.TextField(blank=True, help_text="kubeconfig context; empty: its current one")
    prometheus = models.TextField(blank=True, default="", help_text="address of a Prometheus that watches it")
    agent_token_hash = models.CharField(max_length=64, null=True, unique=True, help_text="of the agent inside it")
    agent_seen_at = models.DateTimeField(null=True, help_text="when its agent last asked for work")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "name"], name="cluster_once")]

    def __str__(self) -> str:
        return f"{self.environment} {self.name}"


def token_hash(token: str) -> str:
    """What is stored of a token that others present: SHA-256 in hex. Tokens are random and long, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class Source(models.Model):
    """Something that may send signals into one environment."""

    kind = models.TextField(help_text="a module of tocsin.alerts.sources")
    name = models.TextField()
    environment = models.ForeignKey(Environment, models.CASCADE, related_name="sources")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    signing_key = models.BinaryField(null=True, help_text="what its sender signs with, sealed; empty: unsigned")
    revoked_at = models.DateTimeField(null=True, help_text="since when its signals are refused")

    @classmethod
    def create(cls, kind: str, name: str, environment: Environment) -> tuple[Source, str]:
        """A new source and its token, which can't be shown again."""
        token = secrets.token_urlsafe(24)
        return cls.objects.create(kind=kind, name=name, environment=environment, token_hash=token_hash(token)), token

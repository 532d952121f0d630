"""Projects, their environments, clusters and services, and the sources whose signals they accept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models

from tocsin.catalog import memberships, services  # noqa: F401  # Django looks for tables here
from tocsin.ground.secrets import token_hash


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


def new_token() -> str:
    """32 characters that nobody can guess; as long as PagerDuty's keys, which some senders insist on."""
    return secrets.token_urlsafe(24)


# How long what was replaced is still taken, so that nothing is lost until the sender has the new one.
OVERLAP = timedelta(days=1)
# Requests a minute that a source may send when nobody says otherwise.
USUAL_RATE = 120_000


class Source(models.Model):
    """Something that may send signals into one environment."""

    kind = models.TextField(help_text="a module of tocsin.alerts.sources")
    name = models.TextField()
    environment = models.ForeignKey(Environment, models.CASCADE, related_name="sources")
    token_hash = models.CharField(max_length=64, unique=True)
    former_token_hash = models.CharField(max_length=64, null=True, unique=True, help_text="of the token before")
    former_token_until = models.DateTimeField(null=True, help_text="until when the token before is taken too")
    created_at = models.DateTimeField(auto_now_add=True)
    signing_key = models.BinaryField(null=True, help_text="what its sender signs with, sealed; empty: unsigned")
    former_signing_key = models.BinaryField(null=True, help_text="the key before, sealed")
    former_key_until = models.DateTimeField(null=True, help_text="until when the key before is taken too")
    topic = models.TextField(blank=True, default="", db_default="", help_text="of SNS: the one topic it hears")
    requests_per_minute = models.IntegerField(
        default=USUAL_RATE, db_default=USUAL_RATE, help_text="a minute's worth may come at once; 0: without limit"
    )
    trial = models.BooleanField(default=False, db_default=False, help_text="understood and shown, without effect")
    revoked_at = models.DateTimeField(null=True, help_text="since when its signals are refused")

    @classmethod
    def create(cls, kind: str, name: str, environment: Environment) -> tuple[Source, str]:
        """A new source and its token, which can't be shown again."""
        token = new_token()
        return cls.objects.create(kind=kind, name=name, environment=environment, token_hash=token_hash(token)), token

    def rotate(self, now: datetime) -> str:
        """Gives it another token, and returns that; the one before is taken until OVERLAP has passed."""
        token = new_token()
        self.former_token_hash, self.former_token_until = self.token_hash, now + OVERLAP
        self.token_hash = token_hash(token)
        self.save(update_fields=["token_hash", "former_token_hash", "former_token_until"])
        return token

    def revoke(self, now: datetime) -> None:
        """Refuses its signals from now on; what it sent stays."""
        self.revoked_at = self.revoked_at or now
        self.save(update_fields=["revoked_at"])

    def sign_with(self, sealed: bytes, now: datetime) -> None:
        """Sets what its sender signs with; a key before it is taken until OVERLAP has passed."""
        if self.signing_key is not None:
            self.former_signing_key, self.former_key_until = self.signing_key, now + OVERLAP
        self.signing_key = sealed
        self.save(update_fields=["signing_key", "former_signing_key", "former_key_until"])


class SourceMapping(models.Model):
    """One version of where a source of kind `mapped` says what; see tocsin.alerts.mapping."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="mappings")
    version = models.IntegerField()
    rules = models.JSONField()
    author = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    live_at = models.DateTimeField(null=True, help_text="since when signals are read by it; empty: a draft")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "version"], name="mapping_version_once")]


class HeldBack(models.Model):
    """How many requests of a source were turned away within an hour because there were too many."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    requests = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "hour"], name="held_back_once")]

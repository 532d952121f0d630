"""Services, who owns them, and what they need. Django finds these tables through `models`."""

from __future__ import annotations

from django.db import models


class Team(models.Model):
    """Who owns services."""

    slug = models.SlugField(unique=True, max_length=100)
    name = models.TextField()
    description = models.TextField(blank=True)
    contact = models.TextField(blank=True, help_text="where to ask: an address, a channel")

    def __str__(self) -> str:
        return self.name


class Origin(models.TextChoices):
    """How we know something, most trusted first: what people say stands, then files, then what was merely seen."""

    HAND = "by hand"
    FILE = "catalogue file"
    KUBERNETES = "Kubernetes"
    DISCOVERED = "discovered"


class Service(models.Model):
    """Something that a project runs, in all of its environments, and that can be broken."""

    project = models.ForeignKey("catalog.Project", models.CASCADE, related_name="services")
    slug = models.SlugField(max_length=100)
    name = models.TextField()
    kind = models.TextField(default="service", help_text="service, website, database, queue …")
    description = models.TextField(blank=True)
    owner = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="services")
    tier = models.PositiveSmallIntegerField(null=True, help_text="1 (most critical) to 4; empty: nobody said")
    lifecycle = models.TextField(blank=True, help_text="experimental, production, deprecated")
    links = models.JSONField(default=dict, help_text="name to address")
    runbooks = models.JSONField(default=dict, help_text="name to address")
    repositories = models.JSONField(default=list, help_text="addresses")
    tags = models.JSONField(default=list)
    aliases = models.JSONField(default=list, help_text="other names that labels of alerts give it")
    selectors = models.JSONField(
        default=list, help_text="where it runs: environment, cluster, namespace, workload, labels"
    )
    hosts = models.JSONField(default=list, help_text="host names; * stands for any part")
    workspaces = models.JSONField(default=list, help_text="Terraform workspaces or configurations")
    origin = models.TextField(choices=Origin.choices)
    imported_from = models.TextField(blank=True, help_text="which import brought it: what that no longer has goes")
    told = models.JSONField(default=dict, help_text="field to who said so: {origin, by}")
    places = models.JSONField(default=list, help_text="where it was seen running; as selectors")
    seen_at = models.DateTimeField(null=True, help_text="when it was last seen running")
    heard_at = models.DateTimeField(null=True, help_text="when an alert or a deployment was last about it")
    forgotten_at = models.DateTimeField(null=True, help_text="since when it is not shown, and not discovered again")
    version = models.PositiveIntegerField(default=1, help_text="counts edits, so that none overwrites another unseen")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="service_once")]

    def __str__(self) -> str:
        return self.name


class ServiceDependency(models.Model):
    """`source` needs `target`, for a reason; both are of one project."""

    source = models.ForeignKey(Service, models.CASCADE, related_name="needs")
    target = models.ForeignKey(Service, models.CASCADE, related_name="needed_by")
    origin = models.TextField(choices=Origin.choices)
    reason = models.TextField(blank=True, help_text="what told: a file's words, a variable that names the other")
    imported_from = models.TextField(blank=True, help_text="which import brought it")
    seen_at = models.DateTimeField(null=True, help_text="when it was last seen")
    forgotten_at = models.DateTimeField(null=True, help_text="since when people say that it is not so")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="service_dependency_once")]

"""The configurations that fail, and what is run in them. They need no provider but the one that is built in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Act:
    """One run in a scene: `words` behind the tool; `policies` are results that lie beside it, `locked`: by somebody else."""

    name: str
    words: tuple[str, ...]
    exit_code: int
    policies: tuple[dict[str, Any], ...] = ()
    locked: bool = False
    configuration: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A configuration of an environment, and what happens to it. An act with a configuration of its own brings that."""

    environment: str
    name: str
    title: str
    configuration: str
    acts: tuple[Act, ...] = field(default_factory=tuple)


APPLY = ("apply", "-auto-approve", "-no-color", "-input=false")
_DATABASE = """variable "schema_password" {
  type      = string
  sensitive = true
  default   = "pr0duction-schema-Pa55word"
}

resource "terraform_data" "database" {
  input = { engine = "postgres", version = "16" }
}

resource "terraform_data" "schema" {
  input = var.schema_password

  provisioner "local-exec" {
    command = "echo \\"psql: FATAL: password authentication failed for user migrator (${self.input})\\" >&2; exit 2"
  }
}
"""
_NETWORK = """variable "subnets" {
  type    = list(string)
  default = ["10.20.0.0/24", "10.20.1.0/24"]
}

resource "terraform_data" "subnet" {
  for_each = toset(var.subnets)
  input    = each.value
}

resource "terraform_data" "cluster" {
  input = length(terraform_data.subnet)

  lifecycle {
    precondition {
      condition     = length(var.subnets) >= 3
      error_message = "A cluster needs a subnet in each of three zones; there are ${length(var.subnets)}."
    }
  }
}
"""
_MENDED = _NETWORK.replace('"10.20.1.0/24"]', '"10.20.1.0/24", "10.20.2.0/24"]')
_STORAGE = """resource "terraform_data" "uploads" {
  input = { bucket = "shop-uploads", public = true }
}
"""
_PUBLIC = {
    "filename": "plan.json",
    "namespace": "storage",
    "successes": 4,
    "failures": [
        {
            "msg": "terraform_data.uploads is readable by everybody: set public to false",
            "metadata": {"id": "no_public_buckets", "severity": "CRITICAL"},
        }
    ],
}

SCENES = (
    Scene(
        "infra/production",
        "database",
        "a provisioner fails, and prints a password",
        _DATABASE,
        (Act("database", APPLY, 1),),
    ),
    Scene(
        "infra/production",
        "storage",
        "a policy blocks what is planned",
        _STORAGE,
        (Act("storage", ("plan", "-no-color", "-input=false", "-out=plan"), 0, (_PUBLIC,)),),
    ),
    Scene(
        "infra/staging",
        "network",
        "a condition fails, and is mended",
        _NETWORK,
        (Act("network", APPLY, 1), Act("network-mended", APPLY, 0, configuration=_MENDED)),
    ),
    Scene(
        "infra/staging",
        "queue",
        "somebody else holds the lock of the state",
        'resource "terraform_data" "queue" {}\n',
        (Act("queue", APPLY, 1, locked=True),),
    ),
)

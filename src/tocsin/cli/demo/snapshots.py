"""The worlds as files: what `--snapshot` and a cluster of kind "snapshot" read."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

from tocsin.cli.demo.worlds.story import World


def write_snapshot(world: World, folder: Path, now: datetime) -> Path:
    """Write the world as it is at `now` to `folder/<slug>.json.gz`, which is made where missing. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{world.slug}.json.gz"
    # Without a time in the gzip header, the same world makes the same bytes.
    path.write_bytes(gzip.compress(json.dumps(world.snapshot(now)).encode(), mtime=0))
    return path

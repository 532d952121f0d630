"""Which database an application's complaint is about."""

import re

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.settings import called, settings
from tocsin.investigation.diagnosis.world import World

_ENGINES = {
    r"mysql|mariadb|jdbc|sqlexception|hibernate": r"mysql|mariadb|percona",
    r"postgres|psql|psycopg|pg_": r"postgres|timescale",
    r"redis|readonly you": r"redis|valkey|keydb",
    r"mongo|notwritableprimary": r"mongo",
}


def serving(world: World, caller: Pod, complaint: str) -> Subject:
    """Return the workload of the database that a caller complains about, the caller's own where it cannot be told.

    First the addresses in the caller's environment count, then the one database of the engine that is complained of.
    """
    engine = next((image for words, image in _ENGINES.items() if re.search(words, complaint, re.I)), "")
    for container in caller.containers:
        for _, _, address in called(settings(world, container, caller.namespace)):
            behind = _behind(world, address.service, address.namespace(caller.namespace))
            if behind and (not engine or _runs(behind, engine)):
                return behind.subject
    running = [w for w in world.workloads if engine and w.namespace == caller.namespace and _runs(w, engine)]
    unclaimed = [w for w in running if not _named_by_others(world, w)]
    found = running if len(running) == 1 else unclaimed
    return found[0].subject if len(found) == 1 else world.controller(caller)


def _runs(workload: Workload, engine: str) -> bool:
    return any(re.search(engine, container.image, re.I) for container in workload.containers)


def _behind(world: World, service: str, namespace: str | None) -> Workload | None:
    held = next((s for s in world.services if s.name == service and s.namespace == namespace), None)
    return next(iter(world.inventory.behind(held)), None) if held else None


def _named_by_others(world: World, database: Workload) -> bool:
    """Tell whether some environment names the database: then it serves that caller, as far as one can see."""
    for workload in world.workloads:
        for container in workload.containers:
            for _, _, address in called(settings(world, container, workload.namespace)):
                if address.service.startswith(database.name):
                    return True
    return False

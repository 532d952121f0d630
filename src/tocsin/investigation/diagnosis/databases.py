"""Which database an application's complaint is about."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.settings import called, settings
from tocsin.investigation.diagnosis.world import World

# Words of a complaint, the most telling first, with the images that run what is meant.
_ENGINES = {
    r"mysql|mariadb|too many connections|communications link failure": r"mysql|mariadb|percona",
    r"postgres|psql|psycopg|pg_|remaining connection slots|too many clients": r"postgres|timescale",
    r"redis|readonly you|max number of clients": r"redis|valkey|keydb",
    r"mongo|notwritableprimary": r"mongo",
    r"jdbc|sql\w*exception|hibernate|sqlalchemy": r"mysql|mariadb|percona|postgres|timescale",
}
_ENGINE_WORDS = re.compile(r"mysql|mariadb|percona|postgres(?:ql)?|redis|valkey|mongo(?:db)?|database|db|[-_]")


def serving(world: World, caller: Pod, complaint: str) -> Subject:
    """Return the workload of the database that a caller complains about, the caller's own where it cannot be told.

    A database that complains speaks of itself. Else the addresses in the caller's environment count, then the one
    database of the engine that is complained of: of several, those that are known to serve others are left out.
    """
    if is_database(caller):
        return world.controller(caller)
    engine = next((image for words, image in _ENGINES.items() if re.search(words, complaint, re.I)), "")
    behind = next((held for held in _addressed(world, caller) if not engine or _is(held, engine)), None)
    if behind:
        return behind.subject
    running = [held for held in world.workloads if engine and held.namespace == caller.namespace and _is(held, engine)]
    left = running if len(running) == 1 else [held for held in running if not _serves_another(world, held, caller)]
    return left[0].subject if len(left) == 1 else world.controller(caller)


def is_database(pod: Pod) -> bool:
    """Tell by its images whether a pod runs a database itself."""
    return any(_runs(container.image, image) for container in pod.containers for image in _ENGINES.values())


def _addressed(world: World, caller: Pod) -> Iterator[Workload]:
    """Yield the workloads behind the addresses in a caller's environment."""
    for container in caller.containers:
        for _, _, address in called(settings(world, container, caller.namespace)):
            namespace = address.namespace(caller.namespace)
            held = next((s for s in world.services if (s.namespace, s.name) == (namespace, address.service)), None)
            yield from world.inventory.behind(held) if held else ()


def _is(workload: Workload, engine: str) -> bool:
    return any(_runs(container.image, engine) for container in workload.containers)


def _runs(image: str, engine: str) -> bool:
    return bool(re.search(engine, image.rpartition("/")[2], re.I))


def _serves_another(world: World, database: Workload, caller: Pod) -> bool:
    """Tell whether a database is named after another workload, as orders-db after orders, or in its environment."""
    owner = _ENGINE_WORDS.sub("", database.name)
    own = world.controller(caller).name
    for workload in world.workloads:
        if workload.name == own or workload.subject == database.subject:
            continue
        if owner == re.sub("[-_]", "", workload.name):
            return True
        for container in workload.containers:
            for _, _, address in called(settings(world, container, workload.namespace)):
                if address.service.startswith(database.name):
                    return True
    return False

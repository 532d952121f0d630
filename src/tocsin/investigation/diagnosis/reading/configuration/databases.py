"""Which database an application's complaint is about."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.reading.configuration.settings import called, settings
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.world import World

# Words of a complaint, the most telling first, with the images that run what is meant.
_ENGINES = {
    r"mysql|mariadb|too many connections|communications link failure": r"mysql|mariadb|percona",
    r"postgres|psql|psycopg|pg_|remaining connection slots|too many clients": r"postgres|timescale",
    r"redis|readonly you|max number of clients": r"redis|valkey|keydb",
    r"mongo|notwritableprimary": r"mongo",
    r"jdbc|sql\w*exception|hibernate|sqlalchemy": r"mysql|mariadb|percona|postgres|timescale",
}
# How databases and queues word it that they do not take somebody's credentials, and words that all of these have.
LOGIN_REFUSED = (
    r"access denied for user|password authentication failed|WRONGPASS|NOAUTH|login failed for user"
    r"|SASL authentication failed|AuthenticationFailed|ACCESS_REFUSED|SaslAuthenticationException|InvalidClientTokenId"
    r"|(?:OperationFailure|MongoServerError): Authentication failed"
)
LOGIN_HINT = r"denied|uthentication|WRONGPASS|NOAUTH|ogin failed|ACCESS_REFUSED|InvalidClientTokenId"
_ENGINE_WORDS = re.compile(r"mysql|mariadb|percona|postgres(?:ql)?|redis|valkey|mongo(?:db)?|database|db|[-_]")


class Databases:
    """The databases of a world, with what is known of whom they serve: worked out once, for all complaints."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._served: dict[Subject, frozenset[str]] = {}

    def serving(self, caller: Pod, complaint: str) -> Subject:
        """Return the workload of the database that a caller complains about, the caller's own where it cannot be told.

        A database that complains speaks of itself. Else the addresses in the caller's environment count, then the one
        database of the engine that is complained of: of several, those that are known to serve others are left out.
        """
        own = self._world.controller(caller)
        if is_database(caller):
            return own
        engine = next((image for words, image in _ENGINES.items() if re.search(words, complaint, re.I)), "")
        behind = next((held for held in _addressed(self._world, caller) if not engine or _is(held, engine)), None)
        if behind:
            return behind.subject
        near = [held for held in self._world.workloads if engine and held.namespace == caller.namespace]
        running = [held for held in near if _is(held, engine)]
        left = running if len(running) == 1 else [held for held in running if not self._others(held, own.name)]
        return left[0].subject if len(left) == 1 else own

    def _others(self, database: Workload, own: str) -> frozenset[str]:
        if database.subject not in self._served:
            self._served[database.subject] = frozenset(_served(self._world, database))
        return self._served[database.subject] - {own}


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


def _served(world: World, database: Workload) -> Iterator[str]:
    """Yield whom a database is known to serve: it is named after them, as orders-db after orders, or they name it."""
    owner = _ENGINE_WORDS.sub("", database.name)
    for workload in world.workloads:
        if workload.subject == database.subject:
            continue
        told = (call for held in workload.containers for call in called(settings(world, held, workload.namespace)))
        if owner == re.sub("[-_]", "", workload.name) or any(c.address.service.startswith(database.name) for c in told):
            yield workload.name

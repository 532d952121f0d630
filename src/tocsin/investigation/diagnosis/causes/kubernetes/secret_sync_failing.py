"""A Secret that is not brought from the store outside."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World, cite_event

_REASONS = ("UpdateFailed", "SecretSyncedError", "InvalidProviderConfig", "ValidationFailed")


@cause("security", modes=("sec.external_secret",))
def secret_sync_failing(world: World) -> Iterator[Finding]:
    """External Secrets cannot bring a Secret from the store where its value is kept.

    The store refuses its credentials, does not have that key, or is not reached. Pods that need the Secret do not
    start; those that run keep the former value.

    When it is wrong: the store was away for a moment, and the next refresh succeeds.
    """
    for item in (*world.inventory.of("ExternalSecret"), *world.inventory.of("ClusterExternalSecret")):
        ready = item.condition("Ready")
        if ready is None or ready.text("status") != "False":
            continue
        store = _store(world, item)
        broken = store.condition("Ready") if store else None
        cites = [ready.cite("reason", CONCLUSIVE), *_events(world, item)]
        place, why = item, _words(ready)
        if store and broken and broken.text("status") == "False":
            place, why = store, f"its store {store.name} is not ready: {_words(broken)}"
            cites.append(broken.cite("reason", CONCLUSIVE))
        secret = Subject("Secret", item.namespace, item.text("spec/target/name") or item.name)
        yield Finding(
            place.subject,
            f"Secret {secret.name} is not brought from outside: {opening(why)}",
            cites=cites,
            felt_by=[item.subject, secret],
            remedies=[
                look("describe", target(item.subject), of=item.subject, purpose="read what the store said"),
                look("get", "externalsecrets,secretstores", of=item.subject, purpose="see which others fail too"),
            ],
        )


def _words(condition: Part) -> str:
    return condition.text("message") or condition.text("reason")


def _store(world: World, item: Resource) -> Resource | None:
    kind = item.text("spec/secretStoreRef/kind") or "SecretStore"
    scope = "" if kind == "ClusterSecretStore" else item.namespace
    return world.inventory.get(Subject(kind, scope, item.text("spec/secretStoreRef/name")))


def _events(world: World, item: Resource) -> Iterator[Citation]:
    told = next(world.events(*_REASONS, about=item.subject), None)
    if told:
        yield cite_event(told, STRONG)

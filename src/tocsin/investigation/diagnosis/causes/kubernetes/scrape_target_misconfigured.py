"""A monitor that looks for its target where there is none."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.asked import alert_names
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.network.policies import may_select
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Resource, Service
from tocsin.investigation.diagnosis.world import World

# Alerts that say that there is nothing to ask; others end alike for what is down itself.
_UNSCRAPED = ("TargetDown", "TargetMissing", "Absent")


@cause("monitoring", modes=("obs.target_down",), needs=("Service",))
def scrape_target_misconfigured(world: World) -> Iterator[Finding]:
    """An alert says that a target is down, and it is the monitor that asks wrongly: the application is well.

    A ServiceMonitor names a port that the Service does not have, or selects no Service. Prometheus then has nothing to
    ask, and alerts on missing metrics fire.

    When it is wrong: the application is down as well, and the monitor was always like this.
    """
    asked = _alert(world)
    for monitor in world.inventory.of("ServiceMonitor") if asked else ():
        chosen = [service for service in world.services if _chooses(monitor, service)]
        wrong, cites = _wrong(monitor, chosen)
        if wrong and _concerns(world, monitor, chosen):
            yield Finding(
                monitor.subject,
                f"ServiceMonitor {monitor.name} {wrong}, so Prometheus has no target there",
                cites=[*cites, *asked],
                felt_by=[service.subject for service in chosen],
                remedies=[
                    look(
                        "get",
                        target(monitor.subject),
                        "-o",
                        "yaml",
                        of=monitor.subject,
                        purpose="read what it asks for",
                    ),
                    look(
                        "get",
                        "services",
                        "--show-labels",
                        of=monitor.subject,
                        purpose="see labels and ports of services",
                    ),
                ],
            )


def _alert(world: World) -> list[Citation]:
    """Cite the alert where it is about a target that is not scraped."""
    alert = world.snapshot.alert
    name = alert.labels.get("alertname", alert.title)
    if not name.endswith((*_UNSCRAPED, "Down")) or not world.knows("Service"):
        return []
    field = "labels/alertname" if "alertname" in alert.labels else "title"
    return [Citation(f"alert#/{field}", name, MODERATE, Subject("Alert", "", name))]


def _concerns(world: World, monitor: Resource, chosen: Sequence[Service]) -> bool:
    """Tell whether the alert is about what a monitor asks: by the job or Service that it names, else by its namespace."""
    alert = world.snapshot.alert
    if alert.labels.get("job") or alert.labels.get("service"):
        return alert_names((monitor.name, *(service.name for service in chosen)), world.inventory)
    missing = alert.labels.get("alertname", alert.title).endswith(_UNSCRAPED)
    return missing and alert.labels.get("namespace") in (None, monitor.namespace)


def _chooses(monitor: Resource, service: Service) -> bool:
    spaces = monitor.words("spec/namespaceSelector/matchNames") or (monitor.namespace,)
    anywhere = bool(monitor.get("spec/namespaceSelector/any"))
    selector = monitor.part("spec/selector")
    return bool(selector) and (anywhere or service.namespace in spaces) and may_select(selector, service.labels)


def _wrong(monitor: Resource, chosen: Sequence[Service]) -> tuple[str, list[Citation]]:
    if not chosen:
        return "selects no service", [monitor.cite("spec/selector", CONCLUSIVE)]
    named = {port.text("name") for service in chosen for port in service.ports}
    for end in monitor.parts("spec/endpoints"):
        if (name := end.text("port")) and name not in named:
            told = ", ".join(sorted(filter(None, named))) or "none with a name"
            cites = [end.cite("port", CONCLUSIVE), chosen[0].cite("spec/ports", STRONG)]
            return f"asks for port {name}, but service {chosen[0].name} has {told}", cites
    return "", []

"""Addresses of pages."""

from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, path

from tocsin.deployments.models import Part
from tocsin.web.api.root import urls as api
from tocsin.web.pages import (
    account,
    action_items,
    actions,
    alerts,
    deployment,
    deployments,
    evidence,
    grouping,
    history,
    incident,
    incidents,
    mappings,
    output,
    people,
    project,
    service,
    services,
    severity,
    signals,
    silences,
    sources,
    stream,
)

# The template asks whether anybody is there, when it is shown.
login = auth.LoginView.as_view(
    template_name="login.html", redirect_authenticated_user=True, extra_context={"nobody": people.nobody}
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("", incidents.index, name="incidents"),
    path("login", login, name="login"),
    path("logout", auth.LogoutView.as_view(), name="logout"),
    path("account", account.page, name="account"),
    path("account/password", account.change_password, name="account-password"),
    path("account/tokens", account.add_token, name="account-tokens"),
    path("account/tokens/<int:token>/revocation", account.revoke_token, name="account-token-revoke"),
    path("incidents/<int:number>", incident.page, name="incident"),
    path("incidents/<int:number>/live", incident.live, name="incident-live"),
    path("incidents/<int:number>/status", actions.status, name="incident-status"),
    path("incidents/<int:number>/severity", actions.severity, name="incident-severity"),
    path("incidents/<int:number>/workaround", actions.workaround, name="incident-workaround"),
    path("incidents/<int:number>/merge", actions.merge, name="incident-merge"),
    path("incidents/<int:number>/unmerge", actions.unmerge, name="incident-unmerge"),
    path("incidents/<int:number>/split", actions.split, name="incident-split"),
    path("incidents/<int:number>/actions", action_items.add, name="incident-action-items"),
    path("actions", action_items.index, name="action-items"),
    path("actions/<slug:name>", action_items.page, name="action-item"),
    path("actions/<slug:name>/edit", action_items.revise, name="action-item-edit"),
    path("actions/<slug:name>/state", action_items.move, name="action-item-state"),
    path("incidents/<int:number>/assignee", actions.assignee, name="incident-assignee"),
    path("incidents/<int:number>/notes", actions.note, name="incident-note"),
    path("incidents/<int:number>/investigations", actions.investigate, name="incident-investigate"),
    path("incidents/<int:number>/runbook", actions.runbook, name="incident-runbook"),
    path("incidents/<int:number>/runbook/history", history.runbook, name="history-runbook"),
    path("incidents/<int:number>/runbook/promotion", actions.promotion, name="incident-runbook-promotion"),
    path("incidents/<int:number>/evidence/<int:ordinal>", evidence.evidence, name="incident-evidence"),
    path("alerts", alerts.index, name="alerts"),
    path("alerts/chosen", alerts.choose, name="alerts-choose"),
    path("silences", silences.index, name="silences"),
    path("silences/new", silences.new, name="silence-new"),
    path("silences/submit", silences.submit, name="silences-submit"),
    path("silences/<int:number>/edit", silences.edit, name="silence-edit"),
    path("silences/<int:number>/replacement", silences.submit, name="silence-replace"),
    path("silences/<int:number>/end", silences.end, name="silence-end"),
    path("grouping", grouping.index, name="grouping"),
    path("grouping/<int:number>/forget", grouping.forget, name="grouping-forget"),
    path("deployments", deployments.index, name="deployments"),
    path("deployments/<int:number>", deployment.page, name="deployment"),
    path("deployments/<int:number>/log", output.page, name="deployment-log"),
    path("deployments/<int:number>/log/file", output.download, name="deployment-log-file"),
    *(
        path(f"deployments/<int:number>/{part}", deployment.write, {"part": part}, name=f"deployment-{part}")
        for part in Part
    ),
    *(
        path(f"deployments/<int:number>/{part}/history", history.deployment, {"part": part}, name=f"history-{part}")
        for part in Part
    ),
    path("services", services.index, name="services"),
    path("services/new", services.create, name="service-new"),
    path("services/<slug:project>/<slug:slug>", service.page, name="service"),
    path("services/<slug:project>/<slug:slug>/edit", service.edit, name="service-edit"),
    path("services/<slug:project>/<slug:slug>/decision", service.decide, name="service-decide"),
    path("projects/<slug:slug>", project.page, name="project"),
    path("projects/<slug:slug>/labels", project.labels, name="project-labels"),
    path("settings/severity", severity.page, name="severity"),
    path("settings/severity/<slug:slug>", severity.page, name="project-severity"),
    path("sources", sources.index, name="sources"),
    path("sources/new", sources.new, name="source-new"),
    path("sources/<int:number>", sources.page, name="source"),
    path("sources/<int:number>/terms", sources.terms, name="source-terms"),
    path("sources/<int:number>/address", sources.rotate, name="source-rotate"),
    path("sources/<int:number>/test", sources.test, name="source-test"),
    path("sources/<int:number>/revocation", sources.revoke, name="source-revoke"),
    path("sources/<int:number>/mapping", mappings.page, name="source-mapping"),
    path("sources/<int:number>/mapping/edit", mappings.edit, name="source-mapping-edit"),
    path("sources/<int:number>/mapping/<int:version>", mappings.go_live, name="source-mapping-live"),
    path("signals", signals.index, name="signals"),
    path("signals/<int:signal>", signals.signal, name="signal"),
    path("signals/<int:signal>/body", signals.body, name="signal-body"),
    path("events", stream.events, name="events"),
    path("api/v1/", api),
]

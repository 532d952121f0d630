"""What to enter at each vendor so that it sends here, in the vendor's own words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from tocsin.alerts.sources.datadog import TEMPLATE


@dataclass(frozen=True, slots=True)
class Guide:
    """Steps in order, and what to copy."""

    steps: tuple[str, ...]
    snippet: str = ""


_STEPS: dict[str, tuple[str, ...]] = {
    "alertmanager": ("Add this receiver to Alertmanager’s configuration, and route to it.",),
    "prometheus": ("Add this to Prometheus’ configuration. It then pushes alerts here, as to an Alertmanager.",),
    "grafana": (
        "In Grafana, open Alerting › Contact points › Add contact point.",
        "Choose the integration “Webhook”, enter the address below, and leave the method POST.",
        "To have it signed (Grafana 12 or newer), enter a secret under HMAC Signature; give the same to this source.",
        "Press Test, save, and route a notification policy to it.",
    ),
    "cloudwatch": (
        "In Amazon SNS, open the topic of your alarms and choose Create subscription, protocol HTTPS.",
        "Enter the address below, and leave “Enable raw message delivery” off: the signature is in the envelope.",
        "Tocsin verifies the confirmation’s signature, remembers the topic, and confirms. Others are refused from then on.",
        "In CloudWatch, let alarms notify the topic in the states “In alarm” and “OK”.",
    ),
    "datadog": (
        "In Datadog, open Integrations › Webhooks › New.",
        "Enter the address below, and the payload below as it stands: Datadog fills in the words with $.",
        "Name the webhook in your monitors: @webhook-NAME, outside of {{#is_alert}}, so that recoveries are sent too.",
    ),
    "sentry": (
        "In Sentry, open Settings › Developer Settings › Create New Integration › Internal Integration.",
        "Enter the address below as Webhook URL, switch on Alert Rule Action, and tick the webhook issue.",
        "Copy the Client Secret into this source’s signing key.",
        "Choose the integration as an action of your alert rules.",
    ),
    "pagerduty_events": (
        "Wherever something pages PagerDuty, give it this installation instead of https://events.pagerduty.com.",
        "The integration (routing) key is this source’s token, the last part of its address.",
    ),
    "pagerduty": (
        "In PagerDuty, open Integrations › Generic Webhooks (v3) › New Webhook.",
        "Enter the address below, and subscribe to the incident events.",
        "Copy the signing secret, which is shown once, into this source’s signing key.",
    ),
    "opsgenie": (
        "Wherever something calls Opsgenie, give it this installation as the API’s address.",
        "The API key (GenieKey) is this source’s token, the last part of its address.",
    ),
    "github": (
        "In the repository or organisation, open Settings › Webhooks › Add webhook.",
        "Enter the address below, content type application/json, and a secret; give the same to this source.",
        "Choose the events Deployment statuses, Workflow runs and Check runs.",
    ),
    "gitlab": (
        "In the project or group, open Settings › Webhooks › Add new webhook.",
        "Enter the address below, and a secret token; give the same to this source as its signing key.",
        "Tick Deployment events, Pipeline events and Job events.",
    ),
    "hcp_terraform": (
        "In the workspace, open Settings › Notifications › Create a notification, destination Webhook.",
        "Enter the address below, and a token; give the same to this source as its signing key.",
        "Choose all events.",
    ),
    "newrelic": (
        "In New Relic, open Alerts › Destinations › Webhook, and enter the address below as the endpoint URL.",
        "Make a workflow that notifies it, with the payload template as it stands.",
    ),
    "gcp_monitoring": (
        "In Google Cloud, open Monitoring › Alerting › Edit notification channels › Webhooks › Add new.",
        "Enter the address below as the endpoint URL.",
        "Choose the channel in your alerting policies, with “Notify on incident closure” on.",
    ),
    "pingdom": (
        "In Pingdom, open Integrations › Add integration, type Webhook, and enter the address below.",
        "Choose it under Connect integrations of each check.",
    ),
    "incident_io": (
        "Wherever something sends alert events to incident.io over HTTP, let it send the same body to the address below.",
        "incident.io’s own webhooks about incidents (Settings › Webhooks) are understood there, too.",
    ),
    "statuspage": ("On the vendor’s status page, choose Subscribe to updates › Webhook, and enter the address below.",),
    "cloudevents": (
        "Let CloudEvents come to the address below, structured, in batches or binary.",
        "Each is an alert: filter them by type, so that only those come that should call somebody.",
    ),
    "cdevents": (
        "Let CDEvents come to the address below, bare or as CloudEvents.",
        "Incidents, and pipelines and tests that fail, call somebody; services that change are kept as deployments.",
    ),
    "opentelemetry": (
        "Add this exporter to an OpenTelemetry Collector’s configuration, and to a pipeline of logs.",
        "Put a filter processor before it: only records of severity ERROR or worse count, and Tocsin is no place for logs.",
    ),
    "structured_error": (
        "Let the tool send its errors to the address below: {status, code, severity, retryable, message, service …} or RFC 9457.",
        "Nothing tells when such an error is over: somebody resolves it.",
    ),
    "atlantis": ("Add this to Atlantis’ server configuration.",),
    "deployment": (
        "Give the address to `tocsin run` and `tocsin drift`: in $TOCSIN_DEPLOYMENTS, or in a file that only they can read.",
    ),
    "mapped": (
        "Let the tool send JSON to the address below, once.",
        "Then say on the mapping’s page where that says what, try it against what came, and let it go live.",
    ),
}
_USUAL = ("Let the tool send to the address below, with POST.",)


def guide(kind: str, address: str) -> Guide:
    """How to connect a source of this kind; `address` is where it sends to, with or without its token."""
    return Guide(_STEPS.get(kind, _USUAL), _snippet(kind, address))


def _snippet(kind: str, address: str) -> str:
    parts = urlsplit(address)
    token = parts.path.rpartition("/")[2]
    base = f"{parts.scheme}://{parts.netloc}"
    snippets = {
        "alertmanager": "receivers:\n  - name: tocsin\n    webhook_configs:\n"
        f"      - url: {address}\n        send_resolved: true\n",
        "prometheus": "alerting:\n  alertmanagers:\n"
        f"    - scheme: {parts.scheme}\n      path_prefix: {parts.path}\n      static_configs:\n"
        f"        - targets: [{parts.netloc}]\n",
        "datadog": TEMPLATE,
        "pagerduty_events": f"receivers:\n  - name: tocsin\n    pagerduty_configs:\n      - url: {base}/v2/enqueue\n"
        f"        routing_key: {token}\n",
        "opsgenie": f"receivers:\n  - name: tocsin\n    opsgenie_configs:\n      - api_url: {base}/\n        api_key: {token}\n",
        "opentelemetry": "exporters:\n  otlphttp/tocsin:\n"
        f"    logs_endpoint: {address}\n    encoding: json\n    compression: none\n",
        "atlantis": "webhooks:\n"
        + "".join(f"  - event: {event}\n    kind: http\n    url: {address}\n" for event in ("apply", "drift")),
        "deployment": f"export TOCSIN_DEPLOYMENTS={address}\n",
    }
    return snippets.get(kind, "")

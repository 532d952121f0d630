"""Healthy although claims and volumes look odd."""

from tests.investigation.clusters import Cluster, ago, program, resource, told
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import bind
from tests.investigation.workloads import deploy


@tempting()
def claim_that_waits_for_its_first_consumer(made: Cluster) -> None:
    spec = {"storageClassName": "fast", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "5Gi"}}}
    claim = made.add(resource("PersistentVolumeClaim", "exports", spec=spec, status={"phase": "Pending"}))
    text = "waiting for first consumer to be created before binding"
    made.tell(claim, "WaitForFirstConsumer", text, ago(seconds=20), kind="Normal", count=400)


@tempting()
def volume_kept_after_its_claim_went(made: Cluster) -> None:
    of = {"kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data-former-0"}
    spec = {"claimRef": of, "persistentVolumeReclaimPolicy": "Retain", "capacity": {"storage": "10Gi"}}
    made.add(resource("PersistentVolume", "pvc-data-former-0", spec=spec, status={"phase": "Released"}))


@tempting()
def claims_kept_for_replicas_scaled_away(made: Cluster) -> None:
    for number in (3, 4):
        bind(made, f"data-cache-{number}")


@tempting()
def one_claim_shared_by_many(made: Cluster) -> None:
    bind(made, "covers", mode="ReadWriteMany")
    for name in ("media", "portal"):
        for held in (made[name].workload["spec"]["template"], *made[name].pods):
            held["spec"]["volumes"] = [{"name": "covers", "persistentVolumeClaim": {"claimName": "covers"}}]


@tempting()
def volume_made_larger_today(made: Cluster) -> None:
    claim = made.find("PersistentVolumeClaim", "data-database-0")
    claim["spec"]["resources"]["requests"]["storage"] = claim["status"]["capacity"]["storage"] = "20Gi"
    text = "MountVolume.NodeExpandVolume succeeded for volume"
    made.tell(claim, "FileSystemResizeSuccessful", text, ago(hours=1), kind="Normal")


@tempting()
def volumes_at_seventy_percent(made: Cluster) -> None:
    about = {"kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data-database-0"}
    for name, value in (("kubelet_volume_stats_used_bytes", 7.5e9), ("kubelet_volume_stats_capacity_bytes", 10.7e9)):
        made.metrics.append({"name": name, "value": value, "unit": "bytes", "about": about})


@tempting()
def configuration_that_may_be_missing(made: Cluster) -> None:
    optional = [
        {"configMapRef": {"name": "overrides", "optional": True}},
        {"secretRef": {"name": "feature-flags", "optional": True}},
    ]
    made["admin"].container["envFrom"] = optional
    for pod in made["admin"].pods:
        pod["spec"]["containers"][0]["envFrom"] = optional


@tempting()
def secrets_used_that_nobody_may_read(made: Cluster) -> None:
    for held in (made["accounts"].workload["spec"]["template"], *made["accounts"].pods):
        held["spec"]["imagePullSecrets"] = [{"name": "registry"}]
        held["spec"]["volumes"] = [{"name": "keys", "secret": {"secretName": "signing-keys"}}]
    made.sections["gaps"] = [{"what": "secrets", "why": "not granted to Tocsin", "section": "objects"}]


@tempting()
def certificates_renewed_with_twenty_days_left(made: Cluster) -> None:
    state = {"notBefore": ago(days=70), "notAfter": ago(days=-20), "renewalTime": ago(hours=1), "revision": 4}
    ready = told(Ready="True", Issuing="True")
    ready[1] |= {
        "reason": "Renewing",
        "message": "Renewing certificate as renewal was scheduled",
        "lastTransitionTime": ago(hours=1),
    }
    spec = {"secretName": "portal-certificate", "dnsNames": ["library.example"], "issuerRef": {"name": "internal"}}
    made.add(resource("Certificate", "portal", spec=spec, status={**state, "conditions": ready}))
    asked = resource(
        "CertificateRequest", "portal-4", since=ago(minutes=2), status={"conditions": told(Approved="True")}
    )
    made.add(asked)


@tempting()
def everything_in_the_tools_of_delivery_in_order(made: Cluster) -> None:
    for kind in ("Kustomization", "HelmRelease", "GitRepository", "HelmRepository"):
        state = {"conditions": told(Ready="True"), "observedGeneration": 2}
        made.add(resource(kind, "library", namespace="flux-system", status=state))


@tempting()
def bad_habits_that_harm_nobody_today(made: Cluster) -> None:
    careless = {"name": "legacy-forms", "image": "registry.example/library/legacy-forms:latest"}
    app = deploy("legacy-forms", careless | {"env": []}, replicas=1)
    app.container["securityContext"] = {"privileged": True, "runAsUser": 0}
    app.service = None
    made.keep(app)


@tempting()
def claim_of_a_debug_session_bound_late(made: Cluster) -> None:
    claim = bind(made, "scratch")
    text = 'Failed to provision volume with StorageClass "fast": rpc error: code = DeadlineExceeded'
    made.tell(claim, "ProvisioningFailed", text, ago(minutes=50), count=2)
    made.tell(
        claim, "ProvisioningSucceeded", "Successfully provisioned volume pvc-scratch", ago(minutes=48), kind="Normal"
    )


@tempting()
def defaults_set_by_a_limit_range(made: Cluster) -> None:
    limit = {"type": "Container", "default": {"memory": "256Mi"}, "max": {"memory": "2Gi"}, "min": {"memory": "16Mi"}}
    made.add(resource("LimitRange", "defaults", spec={"limits": [limit]}))


@tempting()
def programs_that_are_kept_in_configuration(made: Cluster) -> None:
    text = "on error: exit 1\n# if connection refused: retry\nerror_page 502 503 /sorry.html;\nfail_timeout=10s max_fails=3\n"
    made.add(resource("ConfigMap", "proxy", data={"nginx.conf": text, "run.sh": "set -e\ntrap 'echo failed' ERR\n"}))
    held = made.keep(deploy("edge", program("edge"), replicas=1))
    for at in (held.workload["spec"]["template"], *held.pods):
        at["spec"]["volumes"] = [{"name": "proxy", "configMap": {"name": "proxy"}}]

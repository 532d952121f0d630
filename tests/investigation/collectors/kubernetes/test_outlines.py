import msgspec

from tocsin.investigation.collectors.kubernetes.outlines import PodSpec, WorkloadOutline, named_namespaces


def test_every_way_to_read_a_config_map_counts() -> None:
    spec = {
        "volumes": [
            {"configMap": {"name": "a"}},
            {"projected": {"sources": [{"configMap": {"name": "b"}}, {"secret": {}}]}},
        ],
        "containers": [{"env": [{"name": "X", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "x"}}}]}],
        "initContainers": [{"envFrom": [{"configMapRef": {"name": "d"}}]}],
    }
    assert msgspec.convert(spec, PodSpec).config_maps == {"a", "b", "c", "d"}


def test_a_cron_job_speaks_for_the_pods_of_its_jobs() -> None:
    spec = {"containers": [{"envFrom": [{"configMapRef": {"name": "nightly"}}]}]}
    job = {"metadata": {"name": "report"}, "spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}}}
    assert msgspec.convert(job, WorkloadOutline).pod.config_maps == {"nightly"}


def test_addresses_of_services_name_their_namespace() -> None:
    text = "http://a.data:80/x b.data.svc,c.web.svc.cluster.local:5432 my.data.json data.example"
    assert list(named_namespaces(text, {"data", "web"})) == ["data", "data", "web"]

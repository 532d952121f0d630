"""What a container reads of ConfigMaps and Secrets."""

from tests.investigation.worlds import container, meta, pod, scene, seen
from tocsin.investigation.diagnosis.reading.configuration.sources import reads, written

MOUNTS = [{"name": "conf", "mountPath": "/etc/app"}, {"name": "key", "mountPath": "/etc/key", "subPath": "key"}]
VOLUMES = [
    {"name": "conf", "configMap": {"name": "app"}},
    {"name": "key", "secret": {"secretName": "tls"}},
    {"name": "unused", "configMap": {"name": "other"}},
]


def test_tells_what_is_read_and_what_stays_as_it_was_at_the_start() -> None:
    env = [{"name": "URL", "valueFrom": {"configMapKeyRef": {"name": "urls", "key": "db"}}}]
    held = container(env=env, envFrom=[{"secretRef": {"name": "all"}}], volumeMounts=MOUNTS)
    [made] = seen(scene(pod("cart", held, volumes=VOLUMES))).pods
    found = [(str(one.source), one.key, one.fixed) for one in reads(made.containers[0], made.parts("spec/volumes"))]
    assert found == [
        ("ConfigMap/shop/urls", "db", True),
        ("Secret/shop/all", "", True),
        ("ConfigMap/shop/app", "", False),
        ("Secret/shop/tls", "", True),
    ]


def test_a_change_of_labels_is_none_of_the_content() -> None:
    made = meta("ConfigMap", "conf")
    made["metadata"]["managedFields"] = [
        {"manager": "a", "time": "2026-03-01T11:00:00Z", "fieldsV1": {"f:data": {}}},
        {"manager": "b", "time": "2026-03-01T11:30:00Z", "fieldsV1": {"f:metadata": {}}},
    ]
    world = seen(scene(made))
    [item] = world.of("ConfigMap")
    change = written(world, item)
    assert change
    assert change.by == "a"

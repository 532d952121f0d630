"""A variable whose value is not the one that was meant."""

from tests.investigation.worlds import deployment, event, exited, logs, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.variable_shadowed import variable_shadowed

MADE = pod("cart", exited("Error", 1))
LINE = 'error: invalid port: strconv.Atoi: parsing "tcp://10.0.0.9:80": invalid syntax'
CACHE = service("cache")
CACHE["spec"]["clusterIP"] = "10.0.0.9"
FIRES = scene(MADE, CACHE, deployment(ready=0), logs=logs(MADE, LINE))

QUIET = scene(MADE, CACHE, deployment(ready=0), logs=logs(MADE, 'error: invalid port: parsing "eighty"'))


def test_names_the_service_whose_variable_collides() -> None:
    [found] = look(variable_shadowed, FIRES)
    assert "reads CACHE_PORT as a number, but Kubernetes set it to tcp://10.0.0.9:80 for service cache" in found.summary
    assert '"path": "/spec/template/spec/enableServiceLinks", "value": false' in found.remedies[0].argv[-1]


def test_names_a_variable_that_is_there_twice() -> None:
    env = [{"name": "DB_HOST", "value": "db"}, {"name": "DB_HOST", "value": "localhost"}]
    made = pod("cart", exited("Error", 1, env=env))
    [found] = look(variable_shadowed, scene(made, logs=logs(made, "error: cannot connect to localhost")))
    assert "has DB_HOST 2 times; the last one counts" in found.summary


def test_hears_of_names_that_are_none() -> None:
    told = event(
        MADE, "InvalidEnvironmentVariableNames", "Keys [1st] from the EnvFrom configMap shop/conf were skipped"
    )
    [found] = look(variable_shadowed, scene(MADE, told))
    assert "Keys [1st]" in found.summary

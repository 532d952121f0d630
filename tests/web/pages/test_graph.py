"""What a picture shows."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.topology import Edge
from tocsin.web.pages.graph import Graph, Node, nearest, shortened, simplified


def _at(path: str) -> Subject:
    kind, name = path.split("/")
    return Subject(kind, "shop", name)


def _graph(*edges: tuple[str, str], focus: str, failing: tuple[str, ...] = ()) -> Graph:
    links = [Edge(_at(source), _at(target), "needs") for source, target in edges]
    subjects = {subject for edge in links for subject in edge[:2]} | {_at(focus)}
    health = {subject: "failing" if subject in {_at(f) for f in failing} else "ok" for subject in subjects}
    return simplified(links, health, Node(_at(focus), health[_at(focus)], "cause"))


def _shown(graph: Graph) -> set[str]:
    return {f"{node.subject.kind}/{node.name}" for node in graph.nodes.values()}


def test_pods_of_one_owner_and_health_are_one_box() -> None:
    edges = [("Deployment/cart", f"Pod/cart-{i}") for i in "abc"]
    graph = _graph(*edges, focus="Deployment/cart", failing=("Pod/cart-c",))
    assert _shown(graph) == {"Deployment/cart", "Pod/cart-a +1", "Pod/cart-c"}


def test_replica_sets_are_left_out() -> None:
    graph = _graph(
        ("Deployment/cart", "ReplicaSet/cart-1"),
        ("ReplicaSet/cart-1", "Pod/a"),
        ("Deployment/cart", "Pod/a"),
        focus="Deployment/cart",
    )
    assert _shown(graph) == {"Deployment/cart", "Pod/a"}


def test_a_service_points_to_its_workload_and_not_also_to_the_pods() -> None:
    graph = _graph(
        ("Service/cart", "Pod/a"),
        ("Service/cart", "Deployment/cart"),
        ("Deployment/cart", "Pod/a"),
        focus="Service/cart",
    )
    assert (_at("Service/cart"), _at("Pod/a")) not in graph.edges


def test_a_service_without_workload_keeps_its_pods() -> None:
    graph = _graph(("Service/cart", "Pod/a"), focus="Service/cart")
    assert (_at("Service/cart"), _at("Pod/a")) in graph.edges


def test_the_cause_is_never_put_together_with_others() -> None:
    graph = _graph(("Deployment/cart", "Pod/a"), ("Deployment/cart", "Pod/b"), focus="Pod/a")
    assert graph.nodes[_at("Pod/a")].mark == "cause"
    assert graph.nodes[_at("Pod/a")].count == 1


def test_service_accounts_are_shown_only_in_trouble() -> None:
    edge = ("Pod/a", "ServiceAccount/robot")
    assert "ServiceAccount/robot" not in _shown(_graph(edge, focus="Pod/a"))
    assert "ServiceAccount/robot" in _shown(_graph(edge, focus="Pod/a", failing=("ServiceAccount/robot",)))


def test_the_nearest_and_the_failing_are_kept_when_there_are_too_many() -> None:
    nodes = {_at(f"ConfigMap/c{i}"): Node(_at(f"ConfigMap/c{i}"), "failing" if i == 7 else "ok") for i in range(9)}
    focus = _at("Pod/a")
    graph = Graph({**nodes, focus: Node(focus, "ok", "cause")}, frozenset((focus, other) for other in nodes))
    kept = nearest(graph, {focus: 0} | dict.fromkeys(nodes, 1), most=3)
    assert set(kept.nodes) == {focus, _at("ConfigMap/c7"), _at("ConfigMap/c0")}
    assert len(kept.edges) == 2


def test_what_is_too_far_away_is_left_out() -> None:
    focus, far = _at("Pod/a"), _at("Pod/far")
    graph = Graph({focus: Node(focus, "ok", "cause"), far: Node(far, "failing")}, frozenset())
    assert set(nearest(graph, {focus: 0, far: 3}).nodes) == {focus}


def test_long_names_lose_their_middle() -> None:
    assert shortened("payments-api-7d9f8-x2v9q", 12) == "paymen…x2v9q"
    assert shortened("cart", 12) == "cart"

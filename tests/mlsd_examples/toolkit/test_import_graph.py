"""Imports, components and layers."""

import networkx as nx  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit import environment_samples as samples
from mlsd_examples.toolkit.import_graph import (
    import_cycles,
    import_graph,
    imports_of,
    layers,
    strong_components,
)

NODES = "abcdefgh"


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    nodes = draw(st.permutations(NODES[: draw(st.integers(0, 8))]))
    if not nodes:
        return {}
    some = st.lists(st.sampled_from(nodes), max_size=3)
    return {node: draw(some) for node in nodes}


def as_networkx(graph: dict[str, list[str]]) -> "nx.DiGraph[str]":
    other: nx.DiGraph[str] = nx.DiGraph()
    other.add_nodes_from(graph)
    other.add_edges_from((a, b) for a in graph for b in graph[a])
    return other


@given(graphs())
def test_components_agree_with_networkx(graph: dict[str, list[str]]) -> None:
    ours = strong_components(graph)
    theirs = nx.strongly_connected_components(as_networkx(graph))
    assert {*ours} == {frozenset(c) for c in theirs}
    assert sum(map(len, ours)) == len(graph)


@given(graphs())
def test_a_component_comes_after_all_that_it_reaches(
    graph: dict[str, list[str]],
) -> None:
    place = {
        node: at for at, c in enumerate(strong_components(graph)) for node in c
    }
    assert all(place[b] <= place[a] for a in graph for b in graph[a])


@given(graphs())
def test_layers_are_longest_paths_or_a_cycle_is_named(
    graph: dict[str, list[str]],
) -> None:
    graph = {a: [b for b in bs if b != a] for a, bs in graph.items()}
    other = as_networkx(graph)
    if nx.is_directed_acyclic_graph(other):
        heights = [
            sorted(generation)
            for generation in nx.topological_generations(other.reverse())
        ]
        assert layers(graph) == heights
    else:
        with pytest.raises(ValueError, match="import each other"):
            layers(graph)


def test_cycles_come_sorted_and_without_single_modules() -> None:
    graph = {"z": ["y"], "y": ["z"], "b": ["c"], "c": ["b", "y"], "a": ["a"]}
    assert import_cycles(graph) == [["b", "c"], ["y", "z"]]
    assert import_cycles({}) == []


def test_a_cycle_is_named() -> None:
    with pytest.raises(ValueError, match=r"^a and b import each other$"):
        layers({"b": ["a"], "a": ["b"]})


def test_a_module_that_imports_itself_has_a_layer() -> None:
    assert layers({"a": ["a"]}) == [["a"]]
    assert layers({}) == []


def test_an_edge_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' leads to 'b', which is no node"):
        strong_components({"a": ["b"]})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a", {"a"}),
        ("import a as b", {"a"}),
        ("import a.x.y", {"a", "a.x"}),
        ("from a import x", {"a", "a.x"}),
        ("from a import x as b, z", {"a", "a.x"}),
        ("from a import *", {"a"}),
        ("import os, b", {"b"}),
        ("from b import x\nimport a", {"a", "b"}),
        ("from a import x\nfrom b import y", {"a", "a.x", "b"}),
        ("import b\nfrom a import x", {"a", "a.x", "b"}),
        ("if True:\n    import a", {"a"}),
        ("try:\n    import a\nexcept ImportError:\n    import b", {"a", "b"}),
        ("class C:\n    import a", {"a"}),
        ("x = 'import a'", set()),
        ("", set()),
    ],
)
def test_imports_are_read_from_the_text(text: str, found: set[str]) -> None:
    assert imports_of(text, ["a", "a.x", "b"]) == found


@pytest.mark.parametrize("head", ["def f():", "async def f():"])
def test_late_imports_count_unless_told(head: str) -> None:
    text = f"import b\n{head}\n    import a\n"
    assert imports_of(text, ["a", "b"]) == {"a", "b"}
    assert imports_of(text, ["a", "b"], late=False) == {"b"}
    sources = {"b": text.replace("import b\n", ""), "a": "import b"}
    assert import_cycles(import_graph(sources)) == [["a", "b"]]
    assert import_cycles(import_graph(sources, late=False)) == []


def test_a_relative_import_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match="line 2: a relative import"):
        imports_of("\nfrom .a import x", ["a"])


def test_a_graph_leaves_out_itself_and_strangers() -> None:
    sources = {"a": "import a, os, b", "b": ""}
    assert import_graph(sources) == {"a": {"b"}, "b": set()}


def texts(folder: dict[str, str]) -> dict[str, str]:
    return {path.removesuffix(".py"): text for path, text in folder.items()}


def test_the_samples_are_a_cycle_and_its_repair() -> None:
    cycle = import_graph(texts(samples.CYCLE))
    assert import_cycles(cycle) == [["data_loader", "model"]]
    repaired = import_graph(texts(samples.LAYERED))
    assert layers(repaired) == [
        ["spec"],
        ["data_loader"],
        ["model"],
        ["train"],
    ]

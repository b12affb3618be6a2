"""Who imports whom: cycles found before an import raises.

The imports of a package form a directed graph, readable from its source
without running it.  Modules that reach each other form a strongly connected
component; one of more than one module is a cycle, whichever of its imports
raises today.  Without cycles the modules fall into layers.

In production, use import-linter or :mod:`graphlib`; Ruff has no such rule.
"""

import ast
from collections.abc import Iterable, Mapping

__all__ = [
    "import_cycles",
    "import_graph",
    "imports_of",
    "layers",
    "strong_components",
]


def imports_of(
    source: str, modules: Iterable[str], *, late: bool = True
) -> frozenset[str]:
    r"""Return which of some modules a source text imports.

    Parameters
    ----------
    source : str
        Python text.
    modules : iterable of str
        The modules of interest, by absolute dotted name.
    late : bool
        Whether imports inside functions count; they run later.

    Returns
    -------
    frozenset of str
        The modules imported by absolute name.

    Raises
    ------
    SyntaxError
        If the text is not Python.
    ValueError
        If an import is relative: say where the text lives, and make it
        absolute.

    Examples
    --------
    >>> known = ["model", "data", "data.loader"]
    >>> sorted(imports_of("from data import loader, numpy", known))
    ['data', 'data.loader']

    An import inside a function waits until it is called:

    >>> text = "def fit():\n    import model\n"
    >>> imports_of(text, known), imports_of(text, known, late=False)
    (frozenset({'model'}), frozenset())

    >>> imports_of("from . import model", known)
    Traceback (most recent call last):
        ...
    ValueError: line 1: a relative import
    """
    known, found = set(modules), set[str]()
    queue: list[ast.AST] = [ast.parse(source)]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                found |= _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"line {node.lineno}: a relative import")
            base = node.module or ""
            found |= _with_parents(base)
            found |= {f"{base}.{alias.name}" for alias in node.names}
        function = isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        )
        if late or not function:
            queue.extend(ast.iter_child_nodes(node))
    return frozenset(found & known)


def import_graph(
    sources: Mapping[str, str], *, late: bool = True
) -> dict[str, frozenset[str]]:
    """Build the graph of imports inside a set of modules.

    Parameters
    ----------
    sources : mapping of str to str
        Python text by dotted module name.
    late : bool
        Whether imports inside functions count.

    Returns
    -------
    dict of str to frozenset of str
        For each module, the others that it imports.

    Raises
    ------
    SyntaxError, ValueError
        As :func:`imports_of`.

    Examples
    --------
    >>> import_graph({"a": "import b", "b": "import sys"})
    {'a': frozenset({'b'}), 'b': frozenset()}

    >>> import_graph({"a": "from .b import c"})
    Traceback (most recent call last):
        ...
    ValueError: line 1: a relative import
    """
    return {
        name: imports_of(text, sources, late=late) - {name}
        for name, text in sources.items()
    }


def strong_components(
    graph: Mapping[str, Iterable[str]],
) -> list[frozenset[str]]:
    """Find the strongly connected components of a graph.

    Parameters
    ----------
    graph : mapping of str to iterable of str
        Successors by node; a successor must be a node.

    Returns
    -------
    list of frozenset of str
        Every node once; a component comes after all that it reaches.

    Raises
    ------
    ValueError
        If a successor is no node.

    Notes
    -----
    Tarjan's algorithm: one depth-first walk; a node whose walk finds
    nothing older than itself closes a component.

    References
    ----------
    Tarjan (1972).

    Examples
    --------
    >>> found = strong_components({"a": ["b"], "b": ["a"], "c": ["a"]})
    >>> [sorted(component) for component in found]
    [['a', 'b'], ['c']]

    >>> strong_components({"a": ["z"]})
    Traceback (most recent call last):
        ...
    ValueError: 'a' leads to 'z', which is no node
    """
    for node, successors in graph.items():
        for successor in successors:
            if successor not in graph:
                raise ValueError(
                    f"{node!r} leads to {successor!r}, which is no node"
                )
    order: dict[str, int] = {}
    oldest: dict[str, int] = {}
    stack: list[str] = []
    closed: set[str] = set()
    components = []

    def visit(node: str) -> None:
        order[node] = oldest[node] = len(order)
        stack.append(node)
        for successor in sorted(graph[node]):
            if successor not in order:
                visit(successor)
            if successor not in closed:
                oldest[node] = min(oldest[node], oldest[successor])
        if oldest[node] == order[node]:
            at = stack.index(node)
            components.append(frozenset(stack[at:]))
            closed.update(stack[at:])
            del stack[at:]

    for node in graph:
        if node not in order:
            visit(node)
    return components


def import_cycles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other.

    Parameters
    ----------
    graph : mapping of str to iterable of str
        Who imports whom.

    Returns
    -------
    list of list of str
        Each group sorted, the groups sorted; empty is what you want.

    Raises
    ------
    ValueError
        If a successor is no node.

    Examples
    --------
    >>> import_cycles({"model": ["data"], "data": ["model"], "train": []})
    [['data', 'model']]

    A module that imports itself is no cycle of modules:

    >>> import_cycles({"model": ["model"]})
    []

    >>> import_cycles({"model": ["data"]})
    Traceback (most recent call last):
        ...
    ValueError: 'model' leads to 'data', which is no node
    """
    found = strong_components(graph)
    return sorted(sorted(group) for group in found if len(group) > 1)


def layers(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Sort modules into layers that import only what lies below.

    Parameters
    ----------
    graph : mapping of str to iterable of str
        Who imports whom.

    Returns
    -------
    list of list of str
        From the bottom up; each layer sorted.

    Raises
    ------
    ValueError
        If there is a cycle, which it names, or a successor is no node.

    Examples
    --------
    >>> layers({"model": ["spec"], "data": ["spec"], "spec": []})
    [['spec'], ['data', 'model']]

    >>> layers({"model": ["data"], "data": ["model"]})
    Traceback (most recent call last):
        ...
    ValueError: data and model import each other
    """
    if cycles := import_cycles(graph):
        raise ValueError(f"{' and '.join(cycles[0])} import each other")
    height: dict[str, int] = {}
    for component in strong_components(graph):
        (node,) = component
        below = [height[n] for n in graph[node] if n != node]
        height[node] = 1 + max(below, default=-1)
    top = 1 + max(height.values(), default=-1)
    return [sorted(n for n in height if height[n] == k) for k in range(top)]


def _with_parents(name: str) -> set[str]:
    parts = name.split(".")
    return {".".join(parts[: n + 1]) for n in range(len(parts))}

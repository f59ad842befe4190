"""What must exist before what.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rehearsal.services.cloudformation.errors import invalid

Graph = Mapping[str, frozenset[str]]


def refuse_cycles(graph: Graph) -> None:
    """@raises AwsError ValidationError that names the resources of a cycle and those that hang between cycles."""
    left = {node: set(needs) & set(graph) for node, needs in graph.items()}
    # What nothing waits for any more is peeled off from both ends; a cycle remains.
    for edges in (left, _reversed(left)):
        while free := [node for node in left if not edges[node] & set(left)]:
            for node in free:
                del left[node]
    if left:
        raise invalid(f"Circular dependency between resources: [{', '.join(sorted(left))}]")


def _reversed(graph: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    result: dict[str, set[str]] = {node: set() for node in graph}
    for node, needs in graph.items():
        for need in needs:
            result.setdefault(need, set()).add(node)
    return result


def reverse(graph: Graph) -> dict[str, frozenset[str]]:
    """For deletion: what must be gone before what."""
    return {node: frozenset(needs) for node, needs in _reversed(graph).items()}


def only(graph: Graph, nodes: Iterable[str]) -> dict[str, frozenset[str]]:
    """The graph between some of its nodes; dependencies through nodes left out are kept."""
    chosen = set(nodes)

    def reach(node: str, seen: set[str]) -> set[str]:
        found: set[str] = set()
        for need in graph.get(node, frozenset()):
            if need in seen:
                continue
            seen.add(need)
            found |= {need} if need in chosen else reach(need, seen)
        return found

    return {node: frozenset(reach(node, {node})) for node in chosen}


def order(graph: Graph) -> list[str]:
    """Nodes after what they need; equals by name."""
    done: list[str] = []
    left = dict(graph)
    while left:
        ready = sorted(n for n, needs in left.items() if not needs & set(left))
        if not ready:
            refuse_cycles(left)
        done += ready
        for node in ready:
            del left[node]
    return done

"""Of a test with many cases, the ordinary run takes a few and `make test-long` all: the marker `sample`.

`@pytest.mark.sample("function")` keeps the first case of each function, `@pytest.mark.sample(every=6)` every sixth,
`@pytest.mark.sample("form.function", every=6)` every sixth of each function's. A case that one of several marks keeps
is kept; all others become `long`.
"""

from __future__ import annotations

from collections import Counter
from operator import attrgetter

import pytest


def sample(items: list[pytest.Item]) -> None:
    """Mark as long the cases that the ordinary run leaves out."""
    counts: Counter[tuple[str, ...]] = Counter()
    for item in items:
        kept = [
            _is_kept(item, mark, counts) for mark in item.iter_markers("sample")
        ]  # each mark counts each case
        if kept and not any(kept):
            item.add_marker(pytest.mark.long)


def _is_kept(item: pytest.Item, mark: pytest.Mark, counts: Counter[tuple[str, ...]]) -> bool:
    every: int = mark.kwargs.get("every", 0)
    test = item.nodeid.partition("[")[0]
    group = (test, str(mark), *(_value(item, name) for name in mark.args))
    counts[group] += 1
    return counts[group] == 1 or (every > 0 and counts[group] % every == 1)


def _value(item: pytest.Item, name: str) -> str:
    parameter, _, attribute = name.partition(".")
    value = item.callspec.params[parameter]  # type: ignore[attr-defined]
    return str(attrgetter(attribute)(value) if attribute else value)

"""Python is parsed right in several threads at once."""

import ast
import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from cs231n.handin.parse import parse

TEXT = "def f(x):\n" + "".join(f"    a{n} = [x + {n}, (x, {{'k': x[{n}]}})]\n" for n in range(40))


class Cycle:
    """Rubbish that, when it is collected in the midst of something, lets another thread go on."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        time.sleep(0)


@pytest.fixture
def busy_collector() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(5)
    yield
    gc.set_threshold(*before)


def failures(parser: Callable[[str], ast.Module]) -> int:
    def once(_: int) -> int:
        Cycle()
        try:
            parser(TEXT)
        except SystemError:
            return 1
        return 0

    with ThreadPoolExecutor(3) as pool:
        return sum(pool.map(once, range(300)))


def test_several_threads_parse_at_once(busy_collector: None) -> None:
    assert failures(parse) == 0

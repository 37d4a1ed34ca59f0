"""What holds for all tests: none depends on how fast the machine is, or on what else it has to do."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

sys.path.append(str(Path(__file__).parent))
from after_torch import AfterTorch, serving
from once import made_once
from quick import Refusal
from sampling import sample

# Before torch is imported: where a processor is short, threads that spin while they wait take it from those that
# compute, and what uses two of them takes ten times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# Where the environment says to keep no compiled code, each worker and each process that a test starts would compile
# the kit and the tests anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Started in the background of a script, a program ignores Ctrl-C, and all that it starts does.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# nbformat needs jsonschema, which compiles a grammar of addresses for a second, for a format that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

if TYPE_CHECKING:
    from grading.sandbox import Sandbox

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the long run what the ordinary one takes a sample of."""
    sample(items)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave modules and tests, which stay, out of every later search for garbage, and search seldom."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000)
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `make test-quick` asks for."""
    parser.addoption("--quick", action="store_true", help="refuse to import torch and the sandbox")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse them before any test file is read."""
    if config.getoption("--quick"):
        sys.meta_path.insert(0, Refusal())


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example class, one folder for each submission, written once: a test that changes one works on a copy."""
    from grading.assignments.example_class import EXAMPLES
    from grading.notebooks.fill import write_class

    return made_once(tmp_path_factory, "examples", lambda folder: write_class(folder, EXAMPLES))


@pytest.fixture(scope="session")
def after_torch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AfterTorch]:
    """`after_torch(program, folder)` runs a program where torch is imported and nothing of ours; what it prints."""
    with serving(tmp_path_factory.mktemp("after_torch") / "said") as run:
        yield run


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One warm parent for all tests; started with a secret in the grader's environment."""
    from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
    from grading.sandbox import Sandbox

    os.environ["GRADER_SECRET"] = "a password of the grader"
    with Sandbox(hidden=HIDDEN_FROM_CHILDREN) as warm:
        warm.expect_many()
        yield warm
    del os.environ["GRADER_SECRET"]

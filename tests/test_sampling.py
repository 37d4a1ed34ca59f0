"""A sampled test: what the ordinary run takes, and that the long run takes the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sampling import sample

TEST = """
import pytest

@pytest.mark.sample("function", every=2)
@pytest.mark.sample("answer")
@pytest.mark.parametrize(("function", "answer"), [
    ("tv", "a"), ("tv", "a"), ("tv", "a"), ("gram", "a"), ("gram", "a"), ("gram", "b"),
])
def test_cases(function, answer):
    pass

def test_single():
    pass
"""
PLUGIN = """
from sampling import sample

def pytest_configure(config):
    config.addinivalue_line("markers", "sample: of")
    config.addinivalue_line("markers", "long: rest")

def pytest_collection_modifyitems(items):
    sample(items)
    print("LONG", [item.name for item in items if item.get_closest_marker("long")])
"""


def test_the_first_of_each_group_and_every_nth_stay_and_the_rest_is_long(tmp_path: Path) -> None:
    (tmp_path / "test_sampled.py").write_text(TEST)
    (tmp_path / "conftest.py").write_text(PLUGIN)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "--collect-only", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(sample.__code__.co_filename).parent), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    # The second of each function, unless it is the first of its answer (gram, b is both the third and the first).
    assert "LONG ['test_cases[tv-a1]', 'test_cases[gram-a1]']" in done.stdout, done.stdout + done.stderr

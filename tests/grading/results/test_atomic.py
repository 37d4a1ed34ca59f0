"""A writer that is stopped leaves the old bytes or the new ones, and nothing else."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

import pytest

from grading.results.atomic import write_atomically


class _StoppedError(Exception):
    """What the signal raises."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _StoppedError


def _write_until_stopped(page: Path, texts: tuple[str, ...], seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    while True:
        for text in texts:
            write_atomically(page, text)


# A file that was just opened when the signal came is closed without having been asked to.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_at_any_moment_leaves_no_temporary_file(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    texts = ("old" * 1000, "new" * 1000)
    write_atomically(page, texts[0])
    before = signal.signal(signal.SIGALRM, _stop)
    try:
        for number in range(1000):
            with pytest.raises(_StoppedError):
                _write_until_stopped(page, texts, 1e-3 + number * 1e-6)
            assert list(tmp_path.iterdir()) == [page]
            assert page.read_text() in texts
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_what_cannot_be_written_leaves_the_old_bytes(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    write_atomically(page, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(page, "\ud800")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]

"""Claims about stopping: time that is over is nobody's fault on the way."""

import contextlib
import time

import pytest

from grading.cli.signals import TooSlowError, at_most


def test_time_that_is_over_is_taken_for_no_fault_of_what_it_interrupts() -> None:
    with pytest.raises(TooSlowError), at_most(0.01):
        draw()


def draw() -> None:
    with contextlib.suppress(Exception):  # a page must come out, without a picture that cannot be drawn
        time.sleep(60)
    pytest.fail("the page would go on without the picture")

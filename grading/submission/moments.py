"""Moments of attempts, as platforms write them into the names of what they hand out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from cs231n.handin.choose import NUMBER

# By three letters, in the languages in which platforms write them.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fév fev",
            "mar mär mrt",
            "apr avr abr",
            "may mai mei mag",
            "jun giu",
            "jul lug",
            "aug aoû ago",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
# Digits of year, month, day, hour, minute and second; and without the second.
_WITH_SECONDS, _DIGITS = 14, 12


def when(attempt: str) -> tuple[int, ...]:
    """Return what attempts are sorted by: year, month, day and time, however a platform writes them."""
    numbers = [int(digits) for digits in re.findall(NUMBER, attempt)]
    month = _month_in(attempt)
    if not month or len(numbers) < 3:
        return tuple(numbers)
    day, year, time = numbers[0], numbers[1], numbers[2]
    hour, minute = divmod(time, 100)
    if half := re.search(r"([ap])\.?m\.?\s*$", attempt.lower()):
        hour = hour % 12 + (12 if half[1] == "p" else 0)
    return year, month, day, hour, minute


def moment_of(attempt: str) -> datetime | None:
    """Return the moment that is written in an attempt's name; None, where it is a number ("Version 2") or no moment.

    Where the name does not say UTC, it is of no zone.

    >>> moment_of("2026-01-02-03-04-05"), moment_of("Version 2")
    (datetime.datetime(2026, 1, 2, 3, 4, 5), None)
    >>> moment_of("Jan 5, 2026 1223 PM"), moment_of("2026年1月5日 923")
    (datetime.datetime(2026, 1, 5, 12, 23), datetime.datetime(2026, 1, 5, 9, 23))
    """
    if _month_in(attempt):
        parts = when(attempt)
    else:
        numbers = re.findall(r"\d+", attempt)
        digits = "".join(number.zfill(len(number) + len(number) % 2) for number in numbers)[:_WITH_SECONDS]
        if len(digits) < _DIGITS or not digits.startswith("20"):
            return None
        parts = (int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, len(digits) - 1, 2)))
    year, month, day, hour, minute, second = (*parts, 0)[:6] if len(parts) > 4 else (0,) * 6
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if attempt.endswith(("Z", "UTC")) else moment


def _month_in(attempt: str) -> int:
    words = re.findall(r"[^\W\d_]{3,}", attempt.lower())
    return next((_MONTHS[word[:3]] for word in words if word[:3] in _MONTHS), 0)

"""Pictures of arrays as a grader compares them: yours, expected, and where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from cs231n.language import said, translation
from cs231n.sentences import sentence
from grading.report.colour import (
    DIVERGING,
    HARD_EDGES,
    SEQUENTIAL,
    Floats,
    fits,
    key_png,
    mapped_png,
    rgb_picture,
)

Doubles = npt.NDArray[np.float64]
Limits = tuple[float, float]

MOST = 5  # rows of pictures for one function
_SHARED = 4.0  # two arrays share one scale if neither reaches further than this many times the other
_OUTERMOST = 0.5  # percent of the values at each end that may lie beyond the colours
_FAINT = 0.05  # a difference below this share of the scale is not blown up to full colour
_MEAN = np.array((0.485, 0.456, 0.406), dtype=np.float32)  # SQUEEZENET_MEAN
_STD = np.array((0.229, 0.224, 0.225), dtype=np.float32)  # SQUEEZENET_STD
_DIMENSIONS = {"map": 3, "image": 4, "matrix": 3}


@dataclass(frozen=True)
class Panel:
    """One picture: what stands above it, what a screen reader says, the picture, and its range."""

    caption: str
    alt: str
    source: Markup
    small: bool
    low: str = ""
    high: str = ""
    key: Markup | None = None  # the colour map itself, where numbers became colours


@dataclass(frozen=True)
class Gallery:
    """The pictures of one function: a title, rows of panels, and what has to be said about them."""

    title: str
    rows: tuple[tuple[Panel, ...], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Stored:
    kind: str
    title: str
    yours: Floats
    expected: Floats
    input: Floats | None


def draw_gallery(path: Path, most: int = MOST) -> Gallery | None:
    """Draw what ``pictures/<student>/<function>.npz`` holds.

    Parameters
    ----------
    path
        An archive with `yours` and `expected`, the strings `kind` ("map": (N, H, W), not negative; "image":
        (N, 3, H, W) normalised; "matrix": (N, C, C)) and `title`, and perhaps `input`: (N, 3, H, W).
    most
        How many images of the N to show.

    Returns
    -------
    Gallery or None
        None where there is no such file. Odd shapes, unreadable files, NaN and infinity never raise: they
        are said in the remarks.
    """
    if not path.is_file():
        return None
    try:
        stored = _read(path)
    except Exception as error:  # a picture is an extra: whatever its file is like, the page must come out
        return Gallery(
            said("Pictures"),
            (),
            (said("These pictures could not be drawn: {fault}.", fault=type(error).__name__),),
        )
    problem = _problem(stored)
    if problem:
        return Gallery(translation(stored.title), (), (problem,))
    count = max(len(stored.yours), len(stored.expected))
    rows = tuple(tuple(_row(stored, i)) for i in range(min(count, most)))
    return Gallery(translation(stored.title), rows, tuple(_remarks(stored, min(count, most), count)))


def _read(path: Path) -> _Stored:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        kind = str(archive["kind"])
        want = _DIMENSIONS[kind]

        def array(name: str) -> Floats:
            values = np.asarray(archive[name], dtype=np.float32)
            # A lone (H, W) is a batch of one that lost its first axis: show it all the same.
            return values[None] if values.ndim == want - 1 else values

        given = np.asarray(archive["input"], dtype=np.float32) if "input" in archive else None
        usable = given is not None and given.ndim == 4 and given.shape[1] == 3 and given.size > 0
        return _Stored(
            kind, str(archive["title"]), array("yours"), array("expected"), given if usable else None
        )


def _problem(stored: _Stored) -> str | None:
    """Say why nothing can be drawn, or None."""
    want = _DIMENSIONS[stored.kind]
    for values in (stored.yours, stored.expected):
        channels = stored.kind != "image" or (values.ndim == 4 and values.shape[1] == 3)
        if values.ndim != want or values.size == 0 or not channels:
            return said(
                "No picture: expected shape {expected}, got {seen}.",
                expected=_shape(stored.expected),
                seen=_shape(stored.yours),
            )
    return None


def _remarks(stored: _Stored, shown: int, count: int) -> Iterator[str]:
    if stored.yours.shape != stored.expected.shape:
        yield said(
            "Expected shape {expected}, got {seen}: there is no difference to draw.",
            expected=_shape(stored.expected),
            seen=_shape(stored.yours),
        )
    odd = int(np.count_nonzero(~np.isfinite(stored.yours)))
    if odd:
        yield said(
            "{odd} of {total} of your values are NaN or infinite: drawn in green.",
            odd=odd,
            total=stored.yours.size,
        )
    if stored.kind != "image" and not all(
        _comparable([_bulk(stored.yours[i]), _bulk(stored.expected[i])])
        for i in range(min(shown, len(stored.yours), len(stored.expected)))
    ):
        yield said(
            "Where yours and the expected values are far apart, each has its own scale: mind the numbers."
        )
    if count > shown:
        yield said("{shown} of {count} are shown.", shown=shown, count=count)


def _row(stored: _Stored, i: int) -> Iterator[Panel]:
    yours = stored.yours[i] if i < len(stored.yours) else None
    expected = stored.expected[i] if i < len(stored.expected) else None
    several = max(len(stored.yours), len(stored.expected)) > 1
    place = said(" for image {number}", number=i + 1) if several else ""
    if stored.input is not None and i < len(stored.input):
        yield _photograph(said("Input"), said("The picture that went in") + place, stored.input[i])
    if stored.kind == "image":
        if yours is not None:
            yield _photograph(said("Yours"), said("Your picture") + place, yours)
        if expected is not None:
            yield _photograph(said("Expected"), said("The expected picture") + place, expected)
    else:
        is_map = stored.kind == "map"
        limits = _limits(yours, expected)
        if yours is not None:
            what = said("Your map") if is_map else said("Your matrix")
            yield _heat(said("Yours"), what + place, yours, stored.kind, limits[0])
        if expected is not None:
            what = said("The expected map") if is_map else said("The expected matrix")
            yield _heat(said("Expected"), what + place, expected, stored.kind, limits[1])
    if yours is not None and expected is not None and yours.shape == expected.shape:
        if stored.kind == "image":
            yield _difference(_strongest(_minus(_colours(yours), _colours(expected))), 1.0, place)
        else:
            scale = max(abs(limit) for limit in _bulk(expected))
            yield _difference(_minus(yours, expected), scale, place)


def _limits(yours: Floats | None, expected: Floats | None) -> tuple[Limits, Limits]:
    """Return (low, high) for both arrays: one scale where they are comparable, else each its own."""
    own = [_bulk(values) for values in (yours, expected) if values is not None]
    if _comparable(own):
        shared = min(low for low, _ in own), max(high for _, high in own)
        return shared, shared
    return own[0], own[-1]


def _comparable(limits: list[Limits]) -> bool:
    reach = [max(abs(low), abs(high)) for low, high in limits]
    return max(reach) <= _SHARED * min(reach)


def _range(values: Floats | Doubles) -> Limits:
    """Return the least and the largest finite value."""
    finite = values[np.isfinite(values)].astype(np.float64)
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _bulk(values: Floats | Doubles) -> Limits:
    """Return the range of all but the outermost values, and zero: a few peaks would leave the rest dark."""
    finite = values[np.isfinite(values)].astype(np.float64)
    if finite.size == 0:
        return 0.0, 1.0
    low, high = np.percentile(finite, (_OUTERMOST, 100 - _OUTERMOST))
    if low >= 0 and high > 0:
        return 0.0, float(high)
    least, largest = _range(values)
    return min(least, 0.0), max(largest, 0.0)


def _heat(caption: str, alt: str, values: Floats, kind: str, limits: Limits) -> Panel:
    low, high = limits
    signed = low < 0
    colours = DIVERGING if signed else SEQUENTIAL[kind]
    if signed:
        high = max(-low, high)
        low = -high
    thin = fits(values)
    least, largest = _range(values)
    span = said("values from {least} to {largest}", least=_short(least), largest=_short(largest))
    seen = f"{alt}, {_size(values)}: {span}, {_where(values)}"
    source = mapped_png(thin, colours, low, high)
    above = "≥ " if largest > high else ""
    return Panel(caption, seen, source, _small(thin), _short(low), above + _short(high), key_png(colours))


def _difference(signed: Doubles, scale: float, place: str) -> Panel:
    """Draw (H, W) yours minus expected, where `scale` is the largest expected magnitude."""
    magnitude = np.abs(signed)
    most = _range(magnitude)[1]
    limit = max(_bulk(magnitude)[1], _FAINT * scale, 1e-30)
    where = said("nothing to see") if most < 0.01 * scale else _where(magnitude)
    alt = said(
        "The difference, yours minus expected{place}: at most {most}, {where}",
        place=place,
        most=_short(most),
        where=where,
    )
    thin = fits(signed.astype(np.float32))
    source = mapped_png(thin, DIVERGING, -limit, limit)
    low, high = _short(-limit), _short(limit)
    return Panel(said("Difference"), alt, source, _small(thin), low, high, key_png(DIVERGING))


def _minus(yours: Floats, expected: Floats) -> Doubles:
    with np.errstate(invalid="ignore"):  # infinity minus infinity is no number, and drawn so
        return yours.astype(np.float64) - expected


def _strongest(signed: Doubles) -> Doubles:
    """Of the three colours of (H, W, 3), the one that differs most at each pixel, with its sign."""
    with_nan_first = np.where(np.isnan(signed), np.inf, np.abs(signed))
    channel = with_nan_first.argmax(axis=2)[..., None]
    return np.asarray(np.take_along_axis(signed, channel, axis=2)[..., 0])


def _photograph(caption: str, alt: str, image: Floats) -> Panel:
    colours = _colours(image)
    is_dark = np.nanmean(np.where(np.isfinite(colours), colours, 0.0)) < 0.4
    tone = said("dark on the whole") if is_dark else said("bright on the whole")
    thin = fits(colours)
    return Panel(caption, f"{alt}, {_size(colours)}, {tone}", rgb_picture(thin), _small(thin))


def _colours(image: Floats) -> Floats:
    """(3, H, W) normalised to (H, W, 3) in [0, 1]."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.clip(image.transpose(1, 2, 0) * _STD + _MEAN, 0, 1), dtype=np.float32)


def _where(values: Floats | Doubles) -> str:
    """Say in words in which ninth of a picture its largest value lies."""
    finite = np.where(np.isfinite(values), values, -np.inf)
    row, column = np.unravel_index(int(np.argmax(finite)), values.shape)
    rows = sentence("top"), sentence("middle"), sentence("bottom")
    columns = sentence("left"), sentence("centre"), sentence("right")
    return said(
        "largest at the {vertical} {horizontal}",
        vertical=rows[min(int(3 * row / values.shape[0]), 2)],
        horizontal=columns[min(int(3 * column / values.shape[1]), 2)],
    )


def _small(values: Floats) -> bool:
    return bool(max(values.shape[:2]) <= HARD_EDGES)


def _size(values: Floats) -> str:
    return said("{height} by {width}", height=values.shape[0], width=values.shape[1])


def _shape(values: Floats) -> str:
    return str(tuple(values.shape))


def _short(value: float) -> str:
    return f"{value:.2g}".replace("-", "−", 1) if value < 0 else f"{value:.2g}"

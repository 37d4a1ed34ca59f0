"""Mistakes made when waves become a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.sentences import NO_GRADIENT


def image_of(
    joined: Step = torch.view_as_complex,
    rows: Step = torch.fft.fftfreq,
    columns: Step = torch.fft.rfftfreq,
    length: Step = lambda fy, fx: (fy**2 + fx**2).sqrt(),
    lowest: Step = lambda height, width: 1 / max(height, width),
    limited: Step = lambda f, least: f.clamp(min=least),
    weighed: Step = lambda waves, f: waves / f,
    transformed: Step = lambda waves, h, w, norm: torch.fft.irfft2(waves, s=(h, w), norm=norm),
    norm: str = "ortho",
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of spectrum_to_image."""

    def spectrum_to_image(spectrum: torch.Tensor, height: int, width: int) -> Any:
        frequency = length(rows(height).reshape(-1, 1), columns(width))
        waves = weighed(joined(spectrum), limited(frequency, lowest(height, width)))
        return result(transformed(waves, height, width, norm))

    return spectrum_to_image


def _zero_replaced(value: float) -> Step:
    return lambda f, _: torch.where(f == 0, value, f)


SPECTRUM = Recipe(
    "spectrum_to_image",
    image_of,
    (
        Mistake(
            "spectrum-not-scaled",
            "The waves are not divided by their frequency",
            "You transformed the waves as they are, so fine noise is as easy to change as coarse shapes. The "
            "division by the frequency prevents that.",
            {"weighed": lambda waves, f: waves},
        ),
        Mistake(
            "spectrum-multiplied",
            "Multiplied by the frequency",
            "You multiplied by the frequency, which makes fine noise stronger. Coarse waves should be the strong ones.",
            {"weighed": lambda waves, f: waves * f},
        ),
        *variants(
            "spectrum-zero-frequency",
            "Frequency zero is not limited",
            "You divide the mean colour by zero, or by almost zero. What does the formula use instead of a "
            "frequency that is too low?",
            {"limited": lambda f, least: f},
            {"limited": lambda f, least: f + 1e-8},
            {"limited": lambda f, least: f.clamp(min=1e-8)},
            {"limited": lambda f, least: f.clamp(min=1e-6)},
        ),
        *variants(
            "spectrum-other-limit",
            "Another limit for low frequencies",
            "Low frequencies are limited by the wrong number. Expected: one wave over the longer side of the "
            "picture.",
            {"lowest": lambda h, w: 1 / min(h, w)},
            {"lowest": lambda h, w: 1 / h},
            {"lowest": lambda h, w: 1 / w},
            {"limited": _zero_replaced(1.0)},
            {"limited": lambda f, least: f + least},
        ),
        Mistake(
            "spectrum-no-mean",
            "The mean colour is left out",
            "Your picture has a mean of zero in each colour: the wave of frequency zero is lost. Keep it, and use "
            "the limit as its frequency.",
            {"limited": lambda f, _: torch.where(f == 0, torch.inf, f)},
        ),
        *variants(
            "spectrum-other-norm",
            "Another norm of the transform",
            "Your picture is right except for a factor that depends on its size. Which norm should the transform "
            "use?",
            {"norm": "backward"},
            {"norm": "forward"},
        ),
        Mistake(
            "spectrum-real-only",
            "The imaginary parts are left out",
            "You used the real parts alone, so every wave has its maximum at the upper left corner. The imaginary "
            "parts shift the waves.",
            {"joined": lambda s: s[..., 0].to(torch.complex64)},
        ),
        Mistake(
            "spectrum-parts-swapped",
            "Real and imaginary parts exchanged",
            "Index 0 of the last axis is the real part, index 1 the imaginary one: you use them the other way round.",
            {"joined": lambda s: torch.complex(s[..., 1], s[..., 0])},
        ),
        Mistake(
            "spectrum-size-lost",
            "An odd width is lost",
            "Half a spectrum fits an even width and the next odd width. Unless you give the size, the even width is "
            "used.",
            {"transformed": lambda waves, h, w, norm: torch.fft.irfft2(waves, norm=norm)},
        ),
        *variants(
            "spectrum-other-transform",
            "Another transform",
            "Your transform is not the one for half a spectrum of a real picture, or works along one axis alone.",
            {"transformed": lambda waves, h, w, norm: torch.fft.ifft2(waves, norm=norm).real},
            {"transformed": lambda waves, h, w, norm: torch.fft.ifft2(waves, s=(h, w), norm=norm).real},
            {"transformed": lambda waves, h, w, norm: torch.fft.irfft(waves, n=w, norm=norm)},
            {"transformed": lambda waves, h, w, norm: torch.fft.fft2(waves, norm=norm).real},
        ),
        *variants(
            "spectrum-shifted",
            "The frequencies are shifted",
            "You moved frequency zero, or the picture, to the middle. The transform expects frequency zero first.",
            {"rows": lambda h: torch.fft.fftshift(torch.fft.fftfreq(h))},
            {"result": lambda image: torch.fft.fftshift(image, dim=(-2, -1))},
            {"result": lambda image: torch.fft.ifftshift(image, dim=(-2, -1))},
        ),
        *variants(
            "spectrum-other-frequency",
            "Another frequency of a wave",
            "A wave's frequency is the length of the vector of its two frequencies. You used their sum, the square of "
            "the length, or its root.",
            {"length": lambda fy, fx: fy.abs() + fx.abs()},
            {"length": lambda fy, fx: fy**2 + fx**2},
            {"length": lambda fy, fx: (fy**2 + fx**2) ** 0.25},
            {"length": lambda fy, fx: torch.maximum(fy.abs(), fx.abs())},
        ),
        *variants(
            "spectrum-one-axis",
            "Only one of the two frequencies counts",
            "Your waves are divided by their frequency along one axis. Rows and columns count both.",
            {"length": lambda fy, fx: fx.abs() + 0 * fy},
            {"length": lambda fy, fx: fy.abs() + 0 * fx},
        ),
        Mistake(
            "spectrum-cycles-a-picture",
            "Frequencies in cycles per picture",
            "Your frequencies are counted over the whole picture. Expected: cycles per pixel, which are at most one "
            "half along an axis.",
            {"rows": lambda h: torch.fft.fftfreq(h) * h, "columns": lambda w: torch.fft.rfftfreq(w) * w},
        ),
        Mistake(
            "spectrum-no-negative-frequencies",
            "Negative frequencies are missing",
            "You let the frequencies of the rows rise from 0 to 1. In their second half they are negative, and near "
            "zero again at the end.",
            {"rows": lambda h: torch.arange(h) / h},
        ),
        Mistake("spectrum-detached", "Cut off from the graph", NO_GRADIENT, {"result": torch.Tensor.detach}),
    ),
)

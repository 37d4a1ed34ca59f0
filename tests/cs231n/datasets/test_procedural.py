"""A style picture is of use when it is always the same, and rich in colours and edges of all sizes."""

import functools
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from cs231n.datasets.procedural import DRAW, draw
from cs231n.datasets.procedural.noise import PERIOD, grid, make_noise, sample, sample_grid

ROOT = Path(__file__).parents[3]
STYLES = ("flow", "stained_glass", "woodblock", "marbling")
drawn = functools.cache(draw)
every_style = pytest.mark.parametrize("style", STYLES)

HASH_EVERY_STYLE = """
import hashlib, json
from cs231n.datasets.procedural import DRAW
print(json.dumps({name: hashlib.sha256(draw(96).tobytes()).hexdigest() for name, draw in DRAW.items()}))
"""


def hashes_in_a_new_process(threads: int) -> dict[str, str]:
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    command = [sys.executable, "-c", HASH_EVERY_STYLE]
    out = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(out.stdout)


def band_contrasts(picture: np.ndarray) -> list[float]:
    """Standard deviation of the gray picture in each octave of detail, finest first, gray values 0 to 1."""
    level = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    contrasts = []
    for _ in range(5):
        coarser = cv2.pyrDown(level)
        contrasts.append(float((level - cv2.pyrUp(coarser, dstsize=level.shape[::-1])).std()))
        level = coarser
    return contrasts


def colour_boxes(picture: np.ndarray) -> int:
    """Count the colours after each channel is cut into 8 steps: 512 boxes at most."""
    return len(np.unique(picture.reshape(-1, 3) // 32, axis=0))


def test_the_styles_are_the_four_the_course_names():
    assert tuple(DRAW) == STYLES


@every_style
def test_each_style_is_the_same_picture_for_the_same_seed(style):
    assert np.array_equal(DRAW[style](64, 11), drawn(style, 64, 11))


def test_each_style_is_the_same_in_every_process_and_with_any_number_of_threads():
    here = {name: hashlib.sha256(drawing(96).tobytes()).hexdigest() for name, drawing in DRAW.items()}
    assert hashes_in_a_new_process(threads=2 if os.environ.get("OMP_NUM_THREADS") == "1" else 1) == here


@every_style
def test_each_style_differs_from_seed_to_seed(style):
    one, other = drawn(style, 64, 11).astype(int), drawn(style, 64, 2).astype(int)
    assert np.abs(one - other).mean() > 10


@every_style
def test_drawing_leaves_the_global_random_numbers_alone(style):
    np.random.seed(0)
    expected = np.random.random()
    np.random.seed(0)
    DRAW[style](32)
    assert np.random.random() == expected


@pytest.mark.sample("style")
@every_style
@pytest.mark.parametrize("size", [32, 101, 256])
def test_each_style_honours_the_size(style, size):
    picture = drawn(style, size, None)
    assert picture.shape == (size, size, 3)
    assert picture.dtype == np.uint8


@every_style
def test_a_smaller_picture_is_the_same_composition(style):
    large = cv2.resize(drawn(style, 256, None), (32, 32), interpolation=cv2.INTER_AREA)
    small = cv2.resize(DRAW[style](128), (32, 32), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(large.ravel(), small.ravel())[0, 1] > 0.95


@pytest.mark.sample("style")
@every_style
@pytest.mark.parametrize("seed", [None, 0, 1, 2])
def test_each_style_has_many_colours_and_a_wide_range_of_tones(style, seed):
    picture = drawn(style, 256, seed)
    assert colour_boxes(picture) > 40
    dark, light = np.percentile(picture.mean(axis=2), [5, 95])
    assert light - dark > 90
    covariance = np.linalg.eigvalsh(np.cov(picture.reshape(-1, 3).T))
    assert (
        covariance[1] > 100
    )  # not one hue from dark to light: colours leave that line by 10 levels and more


@pytest.mark.sample("style")
@every_style
@pytest.mark.parametrize("seed", [None, 0, 1, 2])
def test_each_style_has_edges_at_several_scales(style, seed):
    assert min(band_contrasts(drawn(style, 256, seed))) > 0.025


def test_noise_and_gradients_do_not_pass_for_a_style():
    """The measures above tell a style from a picture without one."""
    white_noise = np.random.default_rng(0).integers(0, 256, (256, 256, 1)).repeat(3, axis=2).astype(np.uint8)
    assert min(band_contrasts(white_noise)) < 0.025
    slope = np.linspace(0, 1, 256)[None, :, None] * np.ones((256, 1, 1))
    gradient = ((20, 40, 120) + slope * (230, 200, 80)).astype(np.uint8)
    assert min(band_contrasts(gradient)) < 0.025
    assert colour_boxes(gradient) < 40


def test_an_unknown_style_is_answered_with_the_list_of_styles():
    with pytest.raises(ValueError, match=r"'cubism'.*flow, stained_glass, woodblock, marbling"):
        draw("cubism")


@every_style
@pytest.mark.parametrize("size", [0, -5, 31, 2049, 100.5, "512", True, None])
def test_a_size_that_cannot_be_drawn_is_refused_in_a_sentence(style, size):
    with pytest.raises(ValueError, match=r"size is .*whole pixels, 32 to 2048"):
        DRAW[style](size)


@every_style
@pytest.mark.parametrize("seed", [-1, 0.5, "seven"])
def test_a_seed_that_is_no_whole_number_is_refused_in_a_sentence(style, seed):
    with pytest.raises(ValueError, match=r"seed is .*whole number of at least 0"):
        DRAW[style](64, seed)


def test_noise_is_centred_and_has_unit_spread_over_its_period():
    x, y = grid(600)
    values = sample(make_noise(np.random.default_rng(0), 12, octaves=3), PERIOD * x, PERIOD * y)
    assert abs(values.mean()) < 0.01
    assert abs(values.std() - 1) < 0.1


def test_noise_has_no_creases():
    slope = np.diff(sample_grid(make_noise(np.random.default_rng(0), 4), 400), axis=1)
    assert np.abs(np.diff(slope, axis=1)).max() < 0.1 * np.abs(slope).max()


def test_noise_repeats_after_its_period_only():
    noise = make_noise(np.random.default_rng(1), 5, octaves=2)
    x, y = np.random.default_rng(2).random((2, 50)).astype(np.float32)
    assert np.allclose(sample(noise, x, y), sample(noise, x + PERIOD, y - PERIOD), atol=1e-3)
    assert not np.allclose(sample(noise, x, y), sample(noise, x + 1, y), atol=0.1)

"""Pictures come out of any arrays, say what they show, and use colours everybody can read."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from grading.report.colour import SIDE, key_png, mapped_png
from grading.report.pictures import MOST, Gallery, draw_gallery


def decode(uri: str) -> Image.Image:
    assert uri.startswith("data:image/png;base64,")
    return Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1])))


@pytest.fixture
def draw(build: Any, tmp_path: Path) -> Any:
    def draw(kind: str, **arrays: Any) -> Gallery:
        gallery = draw_gallery(build.save_pictures(tmp_path, "ada", "f", kind, **arrays))
        assert gallery is not None
        return gallery

    return draw


def test_no_file_is_no_gallery(tmp_path: Path) -> None:
    assert draw_gallery(tmp_path / "none.npz") is None


def test_a_map_shows_yours_expected_and_difference(draw: Any, build: Any) -> None:
    expected = build.blobs(2, 40, 60, 1)
    gallery = draw("map", yours=expected, expected=expected)
    assert [panel.caption for panel in gallery.rows[0]] == ["Yours", "Expected", "Difference"]
    assert len(gallery.rows) == 2
    assert decode(gallery.rows[0][0].source).size == (60, 40)
    assert gallery.rows[0][0].source == gallery.rows[0][1].source
    assert gallery.remarks == ()


def test_alt_texts_say_what_is_seen(draw: Any) -> None:
    expected = np.zeros((1, 30, 30), np.float32)
    yours = expected.copy()
    expected[0, 2, 2], yours[0, 28, 15] = 1.0, 1.0
    mine, right, difference = draw("map", yours=yours, expected=expected).rows[0]
    assert mine.alt == "Your map, 30 by 30: values from 0 to 1, largest at the bottom centre"
    assert right.alt == "The expected map, 30 by 30: values from 0 to 1, largest at the top left"
    assert difference.alt == "The difference, yours minus expected: at most 1, largest at the top left"


def test_float_noise_is_not_blown_up_into_a_difference(draw: Any, build: Any) -> None:
    expected = build.blobs(1, 32, 32, 1)
    difference = draw("map", yours=expected * 1.0001, expected=expected).rows[0][2]
    assert "nothing to see" in difference.alt
    grey = np.asarray(decode(difference.source).convert("RGB")).astype(int)
    assert np.ptp(grey, axis=(0, 1)).max() < 12


def test_a_wrong_factor_gets_scales_of_their_own_and_says_so(draw: Any, build: Any) -> None:
    gram = build.blobs(1, 16, 16, 2)
    gallery = draw("matrix", yours=gram * 100, expected=gram)
    assert gallery.rows[0][0].high != gallery.rows[0][1].high
    assert any("its own scale" in remark for remark in gallery.remarks)


def test_an_image_is_shown_beside_what_went_in(draw: Any) -> None:
    start = np.zeros((1, 3, 24, 24), np.float32)
    gallery = draw("image", yours=start + 0.5, expected=start, input=start)
    assert [panel.caption for panel in gallery.rows[0]] == ["Input", "Yours", "Expected", "Difference"]
    mean = np.asarray(decode(gallery.rows[0][2].source))[0, 0]
    assert mean.tolist() == [124, 116, 104]  # SQUEEZENET_MEAN in 0..255


def test_opposite_changes_of_two_colours_do_not_cancel(draw: Any) -> None:
    start = np.zeros((1, 3, 8, 8), np.float32)
    changed = start.copy()
    changed[:, 0] += 0.5
    changed[:, 1] -= 0.5
    assert "nothing to see" not in draw("image", yours=changed, expected=start).rows[0][2].alt


def test_no_more_than_five_rows_of_small_pictures(draw: Any) -> None:
    big = np.ones((9, 700, 400), np.float32)
    gallery = draw("map", yours=big, expected=big)
    assert len(gallery.rows) == MOST
    assert max(decode(gallery.rows[0][0].source).size) == SIDE
    assert f"{MOST} of 9 are shown." in gallery.remarks


def test_nan_and_infinity_are_drawn_in_a_colour_of_their_own(draw: Any) -> None:
    expected = np.ones((1, 10, 10), np.float32)
    yours = expected.copy()
    yours[0, 0, 0], yours[0, 5, 5] = np.nan, np.inf
    gallery = draw("map", yours=yours, expected=expected)
    assert any(remark.startswith("2 of 100 of your values are NaN") for remark in gallery.remarks)
    assert decode(gallery.rows[0][0].source).convert("RGB").getpixel((0, 0)) == (0, 158, 115)


@pytest.mark.parametrize("fill", [np.nan, np.inf, -np.inf, 0.0, -3.0, 3e38])
@pytest.mark.parametrize(
    ("kind", "shape"), [("map", (2, 300, 7)), ("matrix", (1, 3, 3)), ("image", (1, 3, 300, 2))]
)
def test_any_value_can_be_drawn(draw: Any, kind: str, shape: tuple[int, ...], fill: float) -> None:
    values = np.full(shape, fill, np.float32)
    for yours, expected in ((values, np.ones(shape, np.float32)), (values, values)):
        assert len(draw(kind, yours=yours, expected=expected).rows) == shape[0]


@pytest.mark.parametrize(
    ("kind", "yours", "expected"),
    [
        ("map", (5, 3, 8, 8), (5, 8, 8)),
        ("map", (0, 8, 8), (5, 8, 8)),
        ("map", (5, 0, 8), (5, 8, 8)),
        ("map", (), (5, 8, 8)),
        ("image", (1, 4, 8, 8), (1, 3, 8, 8)),
    ],
)
def test_a_shape_that_is_no_picture_is_said(draw: Any, kind: str, yours: Any, expected: Any) -> None:
    gallery = draw(kind, yours=np.ones(yours, np.float32), expected=np.ones(expected, np.float32))
    assert gallery.rows == ()
    assert str(tuple(yours)) in gallery.remarks[0]


def test_a_lost_batch_axis_and_other_sizes_are_still_shown(draw: Any) -> None:
    gallery = draw("map", yours=np.ones((8, 8), np.float32), expected=np.ones((2, 9, 8), np.float32))
    assert [[panel.caption for panel in row] for row in gallery.rows] == [["Yours", "Expected"], ["Expected"]]
    assert any("no difference to draw" in remark for remark in gallery.remarks)


def test_an_unreadable_file_is_said_and_an_object_array_never_loaded(tmp_path: Path) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04 not really")
    pickled = tmp_path / "pickled.npz"
    np.savez(
        pickled, kind=np.array("map"), title=np.array("t"), yours=np.array([{}]), expected=np.ones((1, 2, 2))
    )
    for path in (broken, pickled, tmp_path / "empty.npz"):
        path.touch()
        gallery = draw_gallery(path)
        assert gallery is not None
        assert gallery.remarks[0].startswith("These pictures could not be drawn")


def test_colour_maps_grow_lighter_all_the_way() -> None:
    for colours in ("magma", "cividis"):
        rgb = np.asarray(decode(key_png(colours)).convert("RGB")).astype(float)[0]
        lightness = rgb @ (0.2126, 0.7152, 0.0722)
        assert (np.diff(lightness) > -1).all()


def test_the_same_array_gives_the_same_bytes(build: Any) -> None:
    values = build.blobs(1, 64, 64, 1)[0]
    assert mapped_png(values, "magma", 0, 1) == mapped_png(values.copy(), "magma", 0, 1)

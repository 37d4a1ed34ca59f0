"""Oracles: formulas written as loops, and torchvision's transforms, which the course's own notebooks use."""

import importlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cs231n.datasets.registry import DataError
from cs231n.image_utils import (
    SQUEEZENET_MEAN,
    SQUEEZENET_STD,
    blur_image,
    deprocess,
    deprocess_image,
    jitter,
    load_image,
    preprocess,
    preprocess_image,
    rescale,
)

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_the_constants_are_float32_arrays_of_three():
    for constant, values in ((SQUEEZENET_MEAN, MEAN), (SQUEEZENET_STD, STD)):
        assert constant.shape == (3,)
        assert constant.dtype == np.float32
        np.testing.assert_array_equal(constant, np.float32(values))


def test_preprocess_image_is_the_formula_for_every_pixel_and_channel():
    img = noise(4, 5)
    result = preprocess_image(img)
    assert result.dtype == np.float32
    for row in range(4):
        for column in range(5):
            for c in range(3):
                expected = (img[row, column, c] / 255 - MEAN[c]) / STD[c]
                assert result[row, column, c] == pytest.approx(expected, abs=1e-5)


def test_deprocess_image_undoes_preprocess_image_for_all_256_values():
    img = np.arange(256, dtype=np.uint8)[:, None, None].repeat(3, axis=2)
    np.testing.assert_array_equal(deprocess_image(preprocess_image(img)), img)


def test_deprocess_image_clips_what_no_screen_can_show():
    far = np.stack([np.full((2, 2), 100.0), np.full((2, 2), -100.0), np.zeros((2, 2))], axis=-1)
    assert deprocess_image(far)[0, 0].tolist() == [255, 0, round(0.406 * 255)]


def test_deprocess_image_with_rescale_uses_the_whole_range():
    img = np.random.default_rng(0).normal(size=(6, 7, 3)) * 9
    shown = img * STD + MEAN
    expected = 255 * (shown - shown.min()) / (shown.max() - shown.min())
    result = deprocess_image(img, rescale=True)
    assert result.min() == 0
    assert result.max() == 255
    assert np.abs(result - expected).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("value", [0, 77, 255])
def test_a_gray_picture_stays_gray_where_there_is_nothing_to_stretch(value):
    gray = np.full((8, 8, 3), value, dtype=np.uint8)
    np.testing.assert_array_equal(deprocess_image(preprocess_image(gray), rescale=True), gray)
    np.testing.assert_array_equal(deprocess(preprocess(Image.fromarray(gray), 8)), gray)
    assert rescale(torch.full((2, 2), 0.3)).eq(0.3).all()


@pytest.mark.parametrize(
    ("height", "width", "size"), [(300, 451, 224), (451, 300, 192), (64, 64, 64), (40, 33, 50)]
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_preprocess_is_what_the_course_composes_of_torchvision(height, width, size, mode):
    transforms = importlib.import_module("torchvision.transforms")
    img = Image.fromarray(noise(height, width)).convert(mode)
    course = transforms.Compose(
        [
            transforms.Resize(size),
            transforms.ToTensor(),
            transforms.Normalize(mean=SQUEEZENET_MEAN.tolist(), std=SQUEEZENET_STD.tolist()),
        ]
    )
    result = preprocess(img, size)
    assert result.dtype == torch.float32
    assert min(result.shape[2:]) == size
    torch.testing.assert_close(result, course(img.convert("RGB"))[None], rtol=0, atol=1e-6)


def test_preprocess_makes_224_pixels_of_the_shortest_side_unless_told():
    assert preprocess(Image.fromarray(noise(30, 60))).shape == (1, 3, 224, 448)
    with pytest.raises(ValueError, match="at least 1"):
        preprocess(Image.fromarray(noise(4, 4)), size=0)


def test_a_transparent_picture_lies_on_white():
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    torch.testing.assert_close(preprocess(clear, 8), preprocess(Image.new("RGB", (8, 8), "white"), 8))


def test_a_photograph_is_turned_as_its_camera_says(tmp_path):
    img = Image.fromarray(noise(10, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # the orientation tag: turn by 90 degrees clockwise
    img.save(tmp_path / "turned.png", exif=exif)
    expected = np.rot90(np.asarray(img), k=-1)
    np.testing.assert_array_equal(load_image(tmp_path / "turned.png"), expected)
    assert preprocess(Image.open(tmp_path / "turned.png"), 10).shape == (1, 3, 20, 10)


def test_a_gray_picture_of_16_bits_keeps_its_tones(tmp_path):
    deep = np.linspace(0, 65535, 64, dtype=np.uint16).reshape(8, 8)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    shown = load_image(tmp_path / "deep.png").astype(int)
    assert np.abs(shown - (deep // 256)[..., None]).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "RGBA", "I", "F"])
def test_pictures_of_every_mode_become_rgb(mode):
    img = Image.fromarray(noise(6, 6)).convert("L").convert(mode)
    assert preprocess(img, 6).shape == (1, 3, 6, 6)


def test_deprocess_undoes_preprocess():
    img = noise(32, 48)
    result = deprocess(preprocess(Image.fromarray(img), 32), should_rescale=False)
    assert isinstance(result, Image.Image)
    np.testing.assert_array_equal(np.asarray(result), img)


def test_deprocess_stretches_unless_told_otherwise():
    x = torch.randn(1, 3, 9, 7, generator=torch.Generator().manual_seed(0)).requires_grad_()
    pixels = np.asarray(deprocess(x))
    assert pixels.shape == (9, 7, 3)
    assert pixels.min() == 0
    assert pixels.max() == 255
    values = x.detach()[0].numpy() * np.reshape(STD, (3, 1, 1)) + np.reshape(MEAN, (3, 1, 1))
    expected = 255 * (values - values.min()) / (values.max() - values.min())
    assert np.abs(pixels.transpose(2, 0, 1) - expected).max() <= 0.5 + 1e-3


def test_deprocess_does_not_let_bright_pixels_wrap_to_black():
    assert np.asarray(deprocess(torch.full((1, 3, 2, 2), 9.0), should_rescale=False)).min() == 255


def test_deprocess_of_a_batch_says_how_to_pass_one():
    with pytest.raises(ValueError, match=r"X\[i:i\+1\]"):
        deprocess(torch.zeros(2, 3, 4, 4))


@settings(max_examples=40)
@given(ox=st.integers(-12, 12), oy=st.integers(-12, 12))
def test_jitter_rolls_both_axes(ox, oy):
    X = torch.arange(2 * 1 * 5 * 7).reshape(2, 1, 5, 7)
    result = jitter(X, ox, oy)
    for row in range(5):
        for column in range(7):
            assert (result[:, :, (row + oy) % 5, (column + ox) % 7] == X[:, :, row, column]).all()


def blurred_by_loops(x: np.ndarray, sigma: float) -> np.ndarray:
    reach = int(4 * sigma + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(x, ((0, 0), (0, 0), (reach, reach), (reach, reach)), mode="symmetric")
    result = np.zeros_like(x)
    for row in range(2 * reach + 1):
        for column in range(2 * reach + 1):
            shifted = padded[:, :, row : row + x.shape[2], column : column + x.shape[3]]
            result += kernel[row] * kernel[column] * shifted
    return result


@pytest.mark.parametrize("sigma", [0.5, 1, 2.3])
@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_blur_image_is_a_gaussian_in_place(sigma, memory_format):
    before = np.random.default_rng(1).normal(size=(2, 3, 12, 17))
    X = torch.from_numpy(before.copy()).to(memory_format=memory_format)
    address = X.data_ptr()
    assert blur_image(X, sigma) is X
    assert X.data_ptr() == address
    np.testing.assert_allclose(X.numpy(), blurred_by_loops(before, sigma), atol=1e-10)


def test_blur_image_takes_an_image_that_requires_gradients():
    X = torch.rand(1, 3, 8, 8).requires_grad_()
    blur_image(X, sigma=1)
    assert X.is_leaf
    assert X.grad_fn is None


def test_a_blur_of_nothing_changes_nothing():
    X = torch.rand(1, 3, 4, 4)
    torch.testing.assert_close(blur_image(X.clone(), sigma=0), X, rtol=0, atol=0)


def test_load_image_gives_rgb_bytes_and_the_shortest_side_asked_for(tmp_path):
    img = noise(20, 30)
    Image.fromarray(img).save(tmp_path / "a.png")
    np.testing.assert_array_equal(load_image(tmp_path / "a.png"), img)
    smaller = load_image(str(tmp_path / "a.png"), size=10)
    assert smaller.shape == (10, 15, 3)
    assert smaller.dtype == np.uint8
    assert smaller.flags.writeable


def test_load_image_of_a_missing_or_broken_file_says_so(tmp_path):
    with pytest.raises(DataError, match=r"no picture .*nowhere\.png"):
        load_image(tmp_path / "nowhere.png")
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(DataError, match=r"text\.png cannot be read as a picture"):
        load_image(tmp_path / "text.png")

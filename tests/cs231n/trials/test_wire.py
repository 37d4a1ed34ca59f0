"""Arrays cross a process boundary as they are, and bytes that are no frame do nothing but fail."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs231n.trials import wire

DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]


def crossed(array: np.ndarray) -> np.ndarray:
    return wire.unpack(wire.pack({}, {"it": array}))[1]["it"]


def same(one: np.ndarray, other: np.ndarray) -> bool:
    equal_nan = one.dtype.kind == "f"
    return (
        one.dtype == other.dtype
        and one.shape == other.shape
        and np.array_equal(one, other, equal_nan=equal_nan)
    )


@settings(max_examples=150)
@given(data=st.data(), dtype=st.sampled_from(DTYPES))
def test_arrays_of_every_dtype_and_shape_survive(data: st.DataObject, dtype: str) -> None:
    array = data.draw(hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)))
    assert same(crossed(array), array)


ORDERED = np.arange(120, dtype=np.float32).reshape(2, 3, 4, 5)


@pytest.mark.parametrize(
    "array",
    [
        ORDERED.transpose(3, 1, 0, 2),
        ORDERED[:, ::-1, :, ::-2],
        np.ascontiguousarray(ORDERED.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
        np.asfortranarray(ORDERED),
        np.broadcast_to(ORDERED[0, 0], (2, 4, 5)),
        ORDERED[1:, 1, 2:3, :0],
        np.array(2.5),
        np.array([np.nan, np.inf, -np.inf, -0.0]),
    ],
    ids=["transposed", "reversed", "channels_last", "fortran", "broadcast", "empty", "0-d", "NaN"],
)
def test_arrays_that_do_not_lie_in_order_survive(array: np.ndarray) -> None:
    assert same(crossed(array), array)


def test_the_other_byte_order_keeps_its_values() -> None:
    assert crossed(np.array([1.5, -2.0], ">f4")).tolist() == [1.5, -2.0]


@pytest.mark.parametrize(
    "array",
    [
        np.array([None, 1]),
        np.array([1j]),
        np.array([1j], np.complex64),
        np.array(["text"]),
        np.array([(1, 2)], "i4,f4"),
        np.array(["2020"], "M8[D]"),
    ],
    ids=lambda array: str(array.dtype),
)
def test_what_is_no_real_number_is_refused(array: np.ndarray) -> None:
    with pytest.raises(wire.FrameError):
        wire.pack({}, {"it": array})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60)
@given(header=JSON)
def test_any_header_survives(header: object) -> None:
    assert wire.unpack(wire.pack(header, {})) == (header, {})


def test_half_a_character_survives_as_text_does() -> None:
    assert wire.unpack(wire.pack({"message": "\ud800"}, {}))[0] == {"message": "\ud800"}


FRAME = wire.pack({"calls": [1, 2]}, {"a": ORDERED, "b": np.array(3)})


@settings(max_examples=200)
@given(length=st.integers(0, len(FRAME) - 1))
def test_a_truncated_frame_is_none(length: int) -> None:
    with pytest.raises(wire.FrameError):
        wire.unpack(FRAME[:length])


@settings(max_examples=300)
@given(garbage=st.binary(max_size=200))
def test_garbage_is_no_frame(garbage: bytes) -> None:
    with pytest.raises(wire.FrameError):
        wire.unpack(garbage)


@settings(max_examples=300)
@given(place=st.integers(0, len(FRAME) - 1), value=st.integers(0, 255))
def test_a_changed_byte_gives_real_arrays_or_a_frame_error(place: int, value: int) -> None:
    changed = FRAME[:place] + bytes([value]) + FRAME[place + 1 :]
    try:
        _, arrays = wire.unpack(changed)
    except wire.FrameError:
        return
    assert all(array.dtype.kind in "fiub" for array in arrays.values())


def forged(tensors: object, data: bytes, header: bytes = b"{}") -> bytes:
    text = json.dumps(tensors).encode()
    body = struct.pack("<Q", len(text)) + text + data
    return struct.pack("<IQ", len(header), len(body)) + header + body


@pytest.mark.parametrize("dtype", ["C64", "BF16", "F8_E4M3", "F4", "nonsense", 7, None])
@pytest.mark.parametrize("size", [1, 2, 8])
def test_a_dtype_that_is_no_real_number_is_refused_on_arrival(dtype: object, size: int) -> None:
    with pytest.raises(wire.FrameError):
        wire.unpack(forged({"a": {"dtype": dtype, "shape": [1], "data_offsets": [0, size]}}, b"\1" * size))


@settings(max_examples=150)
@given(
    dtype=st.sampled_from(["F32", "I64", "BOOL", "U8"]),
    shape=st.lists(st.integers(-3, 2**63), max_size=3),
    offsets=st.lists(st.integers(-9, 2**63), max_size=3),
)
def test_forged_shapes_and_offsets_are_refused_or_true(
    dtype: str, shape: list[int], offsets: list[int]
) -> None:
    try:
        _, arrays = wire.unpack(
            forged({"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}, b"\0" * 8)
        )
    except wire.FrameError:
        return
    assert list(arrays["a"].shape) == shape
    assert arrays["a"].nbytes <= 8


@pytest.mark.parametrize("header", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"1" * 5000])
def test_a_header_that_is_no_json_is_refused(header: bytes) -> None:
    with pytest.raises(wire.FrameError):
        wire.unpack(forged({}, b"", header))


@pytest.mark.parametrize(
    ("header", "body"),
    [(wire.HEADER_LIMIT + 1, 0), (0, wire.BODY_LIMIT + wire.TABLE_LIMIT + 1), (2**32 - 1, 2**64 - 1)],
)
def test_an_oversized_frame_is_refused_before_it_is_read(header: int, body: int) -> None:
    with pytest.raises(wire.FrameError, match="more than allowed"):
        wire.sizes(struct.pack("<IQ", header, body))


def test_an_oversized_frame_is_never_made() -> None:
    with pytest.raises(wire.FrameError, match="header"):
        wire.pack("x" * (wire.HEADER_LIMIT + 1), {})
    with pytest.raises(wire.FrameError, match="expected at most 1 MB"):
        wire.pack({}, {"a": np.zeros(1 << 16), "b": np.zeros((1 << 16) + 1)}, limit=1 << 20)


def test_a_table_of_a_million_arrays_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}
    frame = forged({f"0/grad/{number}": empty for number in range(2000)}, b"")
    monkeypatch.setattr("safetensors.numpy.load", lambda _: pytest.fail("it was read"))
    with pytest.raises(wire.FrameError, match="names and shapes"):
        wire.unpack(frame)

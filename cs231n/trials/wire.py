"""Wire format for data that crosses a process boundary or is stored: a JSON header and raw array buffers.

Never pickle: reading a frame can fail, but it cannot run anything.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

_LENGTHS = struct.Struct("<IQ")
HEADER_LIMIT = 4 << 20
BODY_LIMIT = 64 << 20
# What names and shapes of arrays may take: a trial has some twenty of them. Reading a million would take minutes.
TABLE_LIMIT = 1 << 16


class FrameError(ValueError):
    """The bytes are not a frame of this form, or one larger than allowed."""


def pack(header: Any, arrays: Mapping[str, np.ndarray], limit: int = BODY_LIMIT) -> bytes:
    """Return header and arrays as one frame.

    Parameters
    ----------
    header : anything that is JSON
    arrays : mapping
    limit : int
        How many bytes the arrays may have.

    Raises
    ------
    FrameError
        If an array's dtype has no plain form (object, complex) or the frame would be too large.
    """
    # safetensors writes the buffer as it lies in memory: a transposed view would come out scrambled.
    plain = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    if sum(array.nbytes for array in plain.values()) > limit:
        raise FrameError(f"expected at most {limit >> 20} MB of numbers")
    _refuse_other_than_numbers(plain)
    try:
        body = safetensors.numpy.save(plain)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise FrameError(f"arrays that have no plain form: {error}") from error
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    if len(text) > HEADER_LIMIT:
        raise FrameError(f"a header of more than {HEADER_LIMIT >> 20} MB")
    return _LENGTHS.pack(len(text), len(body)) + text + body


def _refuse_other_than_numbers(arrays: Mapping[str, np.ndarray]) -> None:
    for name, array in arrays.items():
        if array.dtype.kind not in "fiub":
            raise FrameError(f"array {name!r} of {array.dtype} has no plain form")


def sizes(prefix: bytes, limit: int = BODY_LIMIT) -> tuple[int, int]:
    """Return (bytes of header, bytes of body) announced by the first `PREFIX` bytes of a frame.

    Parameters
    ----------
    prefix : bytes
    limit : int
        How many bytes the arrays may have.

    Raises
    ------
    FrameError
        If they exceed what a frame may hold.
    """
    header, body = _LENGTHS.unpack(prefix)
    if header > HEADER_LIMIT or body > limit + TABLE_LIMIT:
        raise FrameError(f"a frame of {header} + {body} bytes, more than allowed")
    return header, body


PREFIX = _LENGTHS.size


def unpack(frame: bytes) -> tuple[Any, dict[str, np.ndarray]]:
    """Return (header, arrays) of a frame.

    Raises
    ------
    FrameError
        If the bytes are not a well-formed frame.
    """
    try:
        header_size, body_size = sizes(frame[:PREFIX])
        if len(frame) != PREFIX + header_size + body_size:
            raise FrameError("a frame whose length differs from what it announces")
        table = int.from_bytes(frame[PREFIX + header_size :][:8], "little")
        if table > TABLE_LIMIT:
            raise FrameError(f"names and shapes of arrays that take {table} bytes")
        header = json.loads(frame[PREFIX : PREFIX + header_size])
        arrays = safetensors.numpy.load(frame[PREFIX + header_size :])
        _refuse_other_than_numbers(arrays)
    except FrameError:
        raise
    except (struct.error, SafetensorError, ValueError, KeyError, RecursionError, AttributeError) as error:
        raise FrameError(f"bytes that are no frame: {type(error).__name__}") from error
    return header, arrays

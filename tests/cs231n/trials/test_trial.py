"""A trial is plain data: what is written down and read again is the same experiment."""

import dataclasses

import numpy as np
import pytest
import torch

from cs231n.trials import wire
from cs231n.trials.trial import (
    Called,
    Features,
    Network,
    Picture,
    Pictures,
    Tensor,
    Trial,
    decode,
    encode,
    trial_key,
)

VALUES = np.array([[1.5, -2.0], [np.nan, 0.0]], np.float32)


def every_word() -> Trial:
    """A trial that uses the whole vocabulary."""
    picture = Picture("china", 96)
    tensor = Tensor(VALUES.copy(), name="img", requires_grad=True, grad=np.ones((2, 2)), layout="view")
    call = (
        tensor,
        Network("small"),
        picture,
        Pictures((0, 3), 64),
        [Features(picture, 3), Features(picture)],
        Called("gram_matrix", (Tensor(np.array([4, 1])), False)),
        None,
        True,
        7,
        2e-2,
        "text",
        (1, (2.5,)),
    )
    return Trial("style_loss", (call, (tensor,)), watch=("gradient", "shown"), network="small")


def plain(value: object) -> object:
    """The same thing, with arrays as lists, so that `==` can compare it."""
    if isinstance(value, np.ndarray):
        return (str(value.dtype), value.shape, np.nan_to_num(value, nan=1e30).tolist())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return (type(value).__name__, fields)
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, [plain(item) for item in value])
    return (type(value).__name__, value)


def crossed(trial: Trial) -> Trial:
    arrays: dict[str, np.ndarray] = {}
    header, arrays = wire.unpack(wire.pack(encode(trial, arrays), arrays))
    result: Trial = decode(header, arrays)
    return result


def test_the_whole_vocabulary_survives_a_crossing() -> None:
    assert plain(crossed(every_word())) == plain(every_word())


def test_equal_trials_have_equal_keys() -> None:
    assert trial_key(every_word()) == trial_key(every_word()) == trial_key(crossed(every_word()))


def test_a_trial_with_any_word_changed_has_another_key() -> None:
    first = every_word()
    call = first.calls[0]
    others = [
        dataclasses.replace(first, function="tv_loss"),
        dataclasses.replace(first, watch=("gradient",)),
        dataclasses.replace(first, network=""),
        dataclasses.replace(first, calls=(call,)),
        dataclasses.replace(first, calls=(call, (Tensor(VALUES),))),
    ]
    for position, value in enumerate(call):
        if isinstance(value, Tensor):
            changes = (
                {"data": VALUES + 1},
                {"data": VALUES.astype(np.float64)},
                {"name": ""},
                {"requires_grad": False},
                {"grad": None},
                {"layout": "contiguous"},
            )
            new = [dataclasses.replace(value, **change) for change in changes]
        else:
            new = ["another"]
        for item in new:
            others.append(
                dataclasses.replace(
                    first, calls=((*call[:position], item, *call[position + 1 :]), (call[0],))
                )
            )
    keys = {trial_key(trial) for trial in [first, *others]}
    assert len(keys) == len(others) + 1


def test_an_array_used_twice_crosses_once() -> None:
    arrays: dict[str, np.ndarray] = {}
    tensor = Tensor(VALUES)
    encode(Trial("tv_loss", ((tensor, 1.0), (tensor, 2.0))), arrays)
    assert len(arrays) == 1


@pytest.mark.parametrize("value", [torch.zeros(2), {"a": 1}, object(), np.float32(1), {1}, b"bytes"])
def test_what_is_not_in_the_vocabulary_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode(Trial("tv_loss", ((value,),)), {})

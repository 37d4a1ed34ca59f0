"""An experiment is written down as it happened, whatever the function does."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from after_torch import AfterTorch

from cs231n.trials import networks
from cs231n.trials.observation import MESSAGE_LIMIT, SHOWN_LIMIT, Observation, is_cut
from cs231n.trials.observe import observe
from cs231n.trials.trial import Called, Network, OnTheWay, Picture, Tensor, Trial

IMAGE = np.arange(2 * 3 * 8 * 8, dtype=np.float32).reshape(2, 3, 8, 8) / 100
ONE = Trial("f", ((Tensor(IMAGE),),))


def seen(function: Callable[..., Any], trial: Trial = ONE, **others: Callable[..., Any]) -> Observation:
    return observe(trial, {"f": function, **others})


@pytest.mark.parametrize(
    "error", [ValueError("seven"), SystemExit(3), MemoryError(), RecursionError("deep"), GeneratorExit()]
)
def test_whatever_is_raised_becomes_a_fact(error: BaseException) -> None:
    def f(_: torch.Tensor) -> None:
        raise error

    facts = seen(f).calls[0]
    assert (facts["raised"]["type"], facts["raised"]["message"]) == (type(error).__name__, str(error))


def test_somebody_at_the_keyboard_can_stop_a_trial() -> None:
    def f(_: torch.Tensor) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seen(f)


def test_an_exception_whose_message_cannot_be_read_is_a_fact_too() -> None:
    class OddError(Exception):
        def __str__(self) -> str:
            raise ValueError

    def f(_: torch.Tensor) -> None:
        raise OddError

    assert seen(f).calls[0]["raised"]["type"] == "OddError"


def test_messages_are_short_and_name_no_addresses() -> None:
    def f(_: torch.Tensor) -> None:
        raise ValueError(f"{object()} " + "x" * 10_000)

    message = seen(f).calls[0]["raised"]["message"]
    assert len(message) <= MESSAGE_LIMIT
    assert message.startswith("<object object at 0x…>")


def test_a_call_that_raised_costs_no_other_that_does_not_depend_on_it() -> None:
    def f(number: int) -> int:
        return 1 // (number - 2)

    observation = seen(f, Trial("f", ((1,), (2,), (3,))))
    assert [bool(facts["raised"]) for facts in observation.calls] == [False, True, False]
    assert observation.arrays.keys() == {"0/output", "2/output"}


def test_calls_that_share_a_tensor_end_with_the_first_that_raised() -> None:
    def f(_: torch.Tensor, number: int) -> int:
        return 1 // (number - 2)

    calls = tuple((Tensor(IMAGE, name="img"), number) for number in (1, 2, 3))
    assert [bool(facts["raised"]) for facts in seen(f, Trial("f", calls)).calls] == [False, True]


def test_the_place_of_an_exception_is_the_students_line() -> None:
    namespace: dict[str, Any] = {}
    source = "def g():\n    return int('x')\n\ndef f(_):\n    return g()\n"
    exec(compile(source, "cell 4 of Style.ipynb", "exec"), namespace)
    assert seen(namespace["f"]).calls[0]["raised"]["place"] == "cell 4 of Style.ipynb, line 2"


def test_an_output_that_is_the_input_is_recorded_as_it_was_after_its_call() -> None:
    def f(img: torch.Tensor) -> torch.Tensor:
        img.data += 1
        return img

    trial = Trial("f", ((Tensor(IMAGE, name="img"),),) * 2, watch=("arguments",))
    observation = seen(f, trial)
    for key in ("0/output", "0/after/0", "1/output", "1/after/0"):
        np.testing.assert_array_equal(observation.arrays[key], IMAGE + 1)


def test_a_named_tensor_is_one_object_with_fresh_data_and_its_old_gradient() -> None:
    ids = []

    def f(img: torch.Tensor) -> torch.Tensor:
        ids.append(id(img))
        img.sum().backward()
        result = img.detach().clone()
        img.data.zero_()
        return result

    trial = Trial(
        "f",
        tuple((Tensor(IMAGE * scale, name="img", requires_grad=True),) for scale in (1, 2, 3)),
        watch=("arguments",),
    )
    observation = seen(f, trial)
    assert len(set(ids)) == 1
    for call, scale in enumerate((1, 2, 3)):
        np.testing.assert_allclose(observation.arrays[f"{call}/output"], IMAGE * scale)
        np.testing.assert_array_equal(observation.arrays[f"{call}/grad/0"], np.full_like(IMAGE, call + 1))


def test_an_unnamed_tensor_is_new_in_each_call_and_the_trials_data_is_never_touched() -> None:
    tensor = Tensor(IMAGE.copy(), requires_grad=True)

    def f(img: torch.Tensor) -> torch.Tensor:
        assert img.grad is None
        img.sum().backward()
        img.data.zero_()
        return img.data

    observation = seen(f, Trial("f", ((tensor,),) * 2))
    assert [facts["raised"] for facts in observation.calls] == [None, None]
    np.testing.assert_array_equal(tensor.data, IMAGE)


def test_an_earlier_gradient_is_there_before_the_first_call() -> None:
    trial = Trial("f", ((Tensor(IMAGE, requires_grad=True, grad=IMAGE + 5),),))
    np.testing.assert_array_equal(seen(lambda img: img.grad, trial).arrays["0/output"], IMAGE + 5)


@pytest.mark.parametrize("layout", ["contiguous", "view", "channels_last"])
def test_a_layout_changes_the_strides_and_nothing_else(layout: str) -> None:
    strides = []

    def f(img: torch.Tensor) -> torch.Tensor:
        strides.append(img.stride())
        return img

    trial = Trial("f", ((Tensor(IMAGE, layout=layout, requires_grad=True),),))
    np.testing.assert_array_equal(seen(f, trial).arrays["0/output"], IMAGE)
    expected = {"contiguous": (192, 64, 8, 1), "view": (500, 100, 10, 1), "channels_last": (192, 1, 24, 3)}
    assert strides == [expected[layout]]


def test_the_gradient_is_the_weighted_sums_pulled_back_to_every_argument_that_wants_one() -> None:
    a, b = IMAGE[0, 0], IMAGE[1, 1]

    def f(first: torch.Tensor, rest: list[torch.Tensor]) -> torch.Tensor:
        return first * rest[0]

    trial = Trial(
        "f",
        ((Tensor(a, requires_grad=True), [Tensor(b, requires_grad=True), Tensor(b)]),),
        watch=("gradient",),
    )
    observation = seen(f, trial)
    weighting = np.linspace(0.5, 1.5, a.size, dtype=np.float32).reshape(a.shape)
    assert {key for key in observation.arrays if "gradient" in key} == {"0/gradient/0", "0/gradient/1.0"}
    np.testing.assert_allclose(observation.arrays["0/gradient/0"], weighting * b, rtol=1e-5)
    np.testing.assert_allclose(observation.arrays["0/gradient/1.0"], weighting * a, rtol=1e-5)


def test_a_detached_result_has_no_gradient_and_no_graph() -> None:
    trial = Trial("f", ((Tensor(IMAGE, requires_grad=True),),), watch=("gradient",))
    observation = seen(lambda img: img.detach() * 2, trial)
    assert observation.calls[0]["graph"] is False
    assert not [key for key in observation.arrays if "gradient" in key]


def shown_by(call: Callable[[Any, torch.Tensor], Any]) -> tuple[Observation, Any]:
    models = []

    def f(img: torch.Tensor, model: Any) -> None:
        models.append(model)
        call(model, img)

    picture = np.repeat(np.repeat(IMAGE[:1], 4, 2), 4, 3)
    trial = Trial("f", ((Tensor(picture), Network("small")),), watch=("shown",), network="small")
    observation = seen(f, trial)
    if observation.calls[0]["raised"] is None:
        np.testing.assert_array_equal(observation.arrays["0/shown"][0], picture[0])
    return observation, models[0]


@pytest.mark.parametrize(
    "call",
    [lambda m, x: m(x), lambda m, x: m.forward(x), lambda m, x: m.features(x), lambda m, x: m.features[0](x)],
    ids=["model(x)", "model.forward(x)", "model.features(x)", "model.features[0](x)"],
)
def test_images_are_seen_however_the_network_is_called(call: Callable[[Any, torch.Tensor], Any]) -> None:
    observation, _ = shown_by(call)
    assert observation.calls[0]["shown"] == 1


def test_no_hook_is_left_behind_even_when_the_function_raises() -> None:
    for fails in (False, True):
        observation, model = shown_by(lambda m, x, fails=fails: (m(x), 1 // (not fails)))
        assert bool(observation.calls[0]["raised"]) is fails
        assert not any(module._forward_pre_hooks for module in model.modules())


def test_an_image_is_recorded_as_it_was_when_it_was_shown() -> None:
    def climb(model: Any, image: torch.Tensor) -> None:
        model(image)
        image += 1
        model(image)

    observation, _ = shown_by(climb)
    first, second = observation.arrays["0/shown"]
    np.testing.assert_allclose(second, first + 1, rtol=1e-6)


def test_an_endless_show_is_remembered_up_to_a_limit() -> None:
    observation, _ = shown_by(lambda m, x: [m.features[0](x + n) for n in range(SHOWN_LIMIT + 5)])
    assert observation.calls[0]["shown"] == SHOWN_LIMIT + 5
    assert len(observation.arrays["0/shown"]) == SHOWN_LIMIT
    assert is_cut(observation.arrays["0/shown"])


def test_an_image_that_is_shown_again_is_counted_and_not_kept_again() -> None:
    """Who looks twice in each step, or compares with the start, takes the same way."""
    observation, _ = shown_by(lambda m, x: [m.features[0](x + n) for n in (0, 0, 1, 1, 0, 2)])
    assert observation.calls[0]["shown"] == 6
    assert len(observation.arrays["0/shown"]) == 3
    assert not is_cut(observation.arrays["0/shown"])


@pytest.mark.parametrize(("steps", "number"), [(0, 0), (1, 0), (2, 1), (4, 3), (9, 3)])
def test_a_call_may_start_on_the_way_of_an_earlier_one(steps: int, number: int) -> None:
    starts = []

    def f(img: torch.Tensor, model: Any) -> None:
        starts.append(img.clone())
        for n in range(steps + 1):
            model(img + n)

    picture = np.repeat(np.repeat(IMAGE[:1], 4, 2), 4, 3)
    calls = ((Tensor(picture), Network("small")), (OnTheWay(0), Network("small")))
    seen(f, Trial("f", calls, watch=("shown",), network="small"))
    np.testing.assert_array_equal(starts[1], starts[0] + number)


def test_to_change_an_image_on_the_way_does_not_change_the_record() -> None:
    def f(img: torch.Tensor, model: Any) -> None:
        for _ in range(5):
            model(img)
            img += 1

    picture = np.repeat(np.repeat(IMAGE[:1], 4, 2), 4, 3)
    calls = ((Tensor(picture), Network("small")), (OnTheWay(0), Network("small")))
    shown = seen(f, Trial("f", calls, watch=("shown",), network="small")).arrays["0/shown"]
    np.testing.assert_allclose(shown, picture + np.arange(5).reshape(5, 1, 1, 1), rtol=1e-6)


def test_a_call_that_showed_nothing_is_made_again_from_its_start() -> None:
    trial = Trial("f", ((Tensor(IMAGE),), (OnTheWay(0),)), watch=("shown",), network="small")
    np.testing.assert_array_equal(seen(lambda x: x, trial).arrays["1/output"], IMAGE)


def test_images_are_seen_by_whichever_network_a_call_is_given() -> None:
    picture = np.repeat(np.repeat(IMAGE[:1], 4, 2), 4, 3)
    calls = tuple((Tensor(picture), Network(name)) for name in ("small", "small-mirrored"))
    observation = seen(lambda x, model: model(x), Trial("f", calls, watch=("shown",), network="small"))
    assert [facts["shown"] for facts in observation.calls] == [1, 1]
    assert not np.allclose(observation.arrays["0/output"], observation.arrays["1/output"])


def test_images_of_several_sizes_are_counted_but_not_kept() -> None:
    def f(img: torch.Tensor, model: Any) -> None:
        model(img.repeat(1, 1, 4, 4))
        model(img.repeat(1, 1, 5, 5))

    trial = Trial("f", ((Tensor(IMAGE), Network("small")),), watch=("shown",), network="small")
    observation = seen(f, trial)
    assert observation.calls[0]["shown"] == 2
    assert "0/shown" not in observation.arrays


def test_operations_are_counted() -> None:
    def times(count: int) -> Callable[[torch.Tensor], None]:
        def f(img: torch.Tensor) -> None:
            for _ in range(count):
                img.add(1)

        return f

    trial = Trial("f", ((Tensor(IMAGE),),), watch=("operations",))
    few, many = (seen(times(n), trial).calls[0]["operations"] for n in (3, 300))
    assert many - few == 297


def test_counting_operations_imports_no_compiler(after_torch: AfterTorch) -> None:
    """PyTorch would import its own to shut it off: seconds of a student's self-check."""
    program = """
import sys
import torch
from cs231n.trials.observe import _CarriedOut
with _CarriedOut() as counter:
    torch.ones(2) + 1
assert counter.count == 2
print("torch._dynamo" in sys.modules)
"""
    assert after_torch(program, Path()) == "False\n"


def test_operations_that_hide_from_pythons_counter_are_counted() -> None:
    def f(img: torch.Tensor) -> torch.Tensor:
        with torch._C.DisableTorchFunction():
            for value in img.flatten():
                value.add(1)
        return img.sum()

    calls = ((Tensor(IMAGE),), (Tensor(np.tile(IMAGE, (1, 1, 3, 3))),))
    few, many = (facts["operations"] for facts in seen(f, Trial("f", calls, watch=("operations",))).calls)
    assert few > IMAGE.size
    assert many > 8 * few


def test_operations_of_which_pytorch_makes_several_count_once() -> None:
    def f(img: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.mse_loss(img[:, :, 1:], img[:, :, :-1]) + torch.var(img).mean()

    assert seen(f, Trial("f", ((Tensor(IMAGE),),), watch=("operations",))).calls[0]["operations"] < 12


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2, 2),
        (True, True),
        (0.5, 0.5),
        (np.float32(3), 3),
        (np.arange(3)[::-1], [2, 1, 0]),
        (torch.tensor([1.5], dtype=torch.bfloat16), [1.5]),
        (torch.tensor(7.0, requires_grad=True), 7.0),
        (torch.arange(6).reshape(2, 3).T, [[0, 3], [1, 4], [2, 5]]),
        (torch.zeros(0, 3), np.zeros((0, 3))),
    ],
)
def test_numbers_and_arrays_are_read(value: object, expected: object) -> None:
    np.testing.assert_array_equal(seen(lambda _: value).arrays["0/output"], expected)


@pytest.mark.parametrize(
    "value", [None, "text", [1, 2], {"a": 1}, torch.zeros(2) * 1j, np.array([None]), 10**40]
)
def test_other_results_are_named_but_not_read(value: object) -> None:
    observation = seen(lambda _: value)
    assert observation.calls[0]["type"] == type(value).__name__
    assert not observation.arrays


def test_each_call_starts_from_the_same_random_state_with_gradients_on() -> None:
    def f(_: torch.Tensor) -> torch.Tensor:
        assert torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        return torch.tensor([random.random(), np.random.rand(), float(torch.rand(()))], dtype=torch.float64)

    state, grad = (random.getstate(), np.random.get_state(), torch.get_rng_state()), torch.is_grad_enabled()
    try:
        first, second = seen(f), seen(f)
    finally:
        torch.set_grad_enabled(grad)
        random.setstate(state[0])
        np.random.set_state(state[1])
        torch.set_rng_state(state[2])
    assert first.calls[0]["raised"] is None
    np.testing.assert_array_equal(first.arrays["0/output"], second.arrays["0/output"])


def test_what_is_done_to_a_network_ends_with_the_trial() -> None:
    def f(model: torch.nn.Module) -> torch.Tensor:
        model.train()
        before = model.features[0].weight.clone()
        model.features[0].weight.data.zero_()
        return before

    trial = Trial("f", ((Network("small"),),))
    first, second = seen(f, trial).arrays["0/output"], seen(f, trial).arrays["0/output"]
    assert first.any()
    np.testing.assert_array_equal(first, second)


def test_a_picture_can_be_scribbled_on_without_harm() -> None:
    trial = Trial("f", ((Picture("china", 32),),))
    first = seen(lambda x: x.mul_(0) + 1, trial)
    assert first.calls[0]["raised"] is None
    assert networks.picture(Picture("china", 32)).any()


def test_the_notebooks_model_is_the_one_that_is_tried() -> None:
    notebook: dict[str, Any] = {}
    trial = Trial("f", ((Network("small"),),), watch=("shown",), network="small")
    observe(trial, {"f": lambda model: notebook["model"] is model and notebook["cnn"] is model}, notebook)
    assert observe(trial, {"f": lambda m: notebook["model"] is m}, notebook).arrays["0/output"]


def test_another_function_is_called_for_an_argument() -> None:
    trial = Trial("f", ((Called("double", (Tensor(IMAGE),)),),))
    np.testing.assert_array_equal(
        seen(lambda x: x, trial, double=lambda x: 2 * x).arrays["0/output"], 2 * IMAGE
    )

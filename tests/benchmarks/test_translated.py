"""No translation changes the verdict on what is right: a sample; `benchmarks.checks right` tries all of it."""

from __future__ import annotations

import pytest

from benchmarks.right_variants import Variant, variants
from benchmarks.translated import PLACES, TRANSLATIONS, changed, combinations
from grading.assignments.registry import all_functions
from grading.sandbox import Sandbox


def one_of_each() -> list[Variant]:
    """The second variant of every function but saliency maps, which take as long as all others together."""
    names = [asked.name for asked in all_functions()][1:]
    return [[variant for variant in variants() if variant.function == name][1] for name in names]


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    "combination",
    [("GPU", "inside"), ("GPU", "before"), ("old code", "by a star"), ("compile", "in a module")],
)
def test_a_right_variant_of_each_function_is_right_under_a_translation(
    sandbox: Sandbox, combination: tuple[str, str]
) -> None:
    assert list(changed(one_of_each(), [combination], sandbox)) == []


def test_every_translation_is_tried_with_the_imports_at_every_place() -> None:
    assert len(combinations()) == len(TRANSLATIONS) * len(PLACES) == 28


def test_what_a_translation_breaks_is_told_with_its_messages(sandbox: Sandbox) -> None:
    """A function that is right only while nothing is imported under one name."""
    text = "def tv_loss(img, w):\n    if 'kit_models' in globals():\n        return 0\n"
    text += "    return w * (img.diff(dim=2).square().sum() + img.diff(dim=3).square().sum())"
    wrong = Variant("tv_loss", "breaks", text)
    (found,) = changed([wrong], [("none", "nowhere"), ("none", "before")], sandbox)
    assert (found.variant, found.place) == (wrong, "before")
    assert any("relative error" in message for message in found.messages)

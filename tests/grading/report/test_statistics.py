"""The class in numbers."""

from pathlib import Path
from typing import Any

import pytest

from grading.course.policies import final_grades
from grading.errors import KitError
from grading.report.statistics import ClassStatistics, class_statistics, function_names, row_of
from grading.results.files import read_results


def of(out: Path) -> ClassStatistics:
    return class_statistics([row_of(grade) for grade in final_grades(out)])


def test_every_submission_is_in_one_bin_and_each_function_has_a_status_for_each(class_folder: Path) -> None:
    stats = of(class_folder)
    assert stats.count == 24
    assert sum(bar.count for bar in stats.bins) == 24
    assert all(sum(tally.counts.values()) == 24 for tally in stats.tallies)


def test_full_marks_are_in_the_last_bin_and_nothing_in_the_first(build: Any, tmp_path: Path) -> None:
    zero = build.result("grace", *(build.function(name, "stub") for name in ("content_loss",)))
    zero["score"] = 0
    stats = of(build.write_out(tmp_path, [build.result("ada"), zero]))
    assert (stats.bins[0].count, stats.bins[-1].count) == (1, 1)
    assert (stats.mean, stats.median, stats.full_marks) == (50, 50, 1)


def test_parts_of_a_combined_diagnosis_count_each_and_take_the_title_they_have_alone(
    class_folder: Path,
) -> None:
    mistakes = {mistake.id: mistake for mistake in of(class_folder).mistakes}
    entropy = mistakes["saliency-cross-entropy"]
    assert entropy.title == "The gradient of the loss, not of the score"
    assert ("grace", "compute_saliency_maps") in entropy.found
    assert mistakes["saliency-no-abs"].title == "saliency no abs"
    assert of(class_folder).mistakes[0].id == "saliency-cross-entropy"


def test_an_empty_class_has_zeros() -> None:
    stats = class_statistics([])
    assert (stats.count, stats.mean, stats.median, stats.mistakes) == (0, 0.0, 0.0, ())


def test_functions_keep_the_order_of_the_rubric(class_folder: Path) -> None:
    names = function_names([row_of(grade) for grade in final_grades(class_folder)])
    assert names[0] == "compute_saliency_maps"
    assert names[-1] == "tv_loss"


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="python -m grading grade"):
        list(read_results(tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "\xff"])
def test_a_broken_result_is_named(class_folder: Path, content: str) -> None:
    (class_folder / "results" / "ada.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(KitError, match=r"ada\.json"):
        list(read_results(class_folder))


def test_two_results_of_one_student_name_both_files(class_folder: Path) -> None:
    (class_folder / "results" / "zz.json").write_bytes((class_folder / "results" / "ada.json").read_bytes())
    with pytest.raises(KitError, match=r"ada\.json.*zz\.json"):
        list(read_results(class_folder))


def test_temporary_files_are_no_results(class_folder: Path) -> None:
    (class_folder / "results" / ".tmp-1.json").write_text("half")
    assert len(list(read_results(class_folder))) == 24

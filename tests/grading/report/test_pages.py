"""The pages show everything, reach nothing outside themselves, and run nothing of a student's."""

import base64
import copy
import hashlib
import os
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from grading.course.policies import write_policies
from grading.course.settings import Deadline, Override, Policies
from grading.report.pages import write_report
from grading.report.statistics import STATUSES
from grading.results.text import page_name

HOSTILE = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style><svg/onload=alert(1)>"
    "{{ 7*7 }}{% raw %}&lt;\u202e\u2066\x1b[31m\x00</title><!--<base href=//evil.example>"
)


class Page(HTMLParser):
    """The tags, links and texts of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def report(shared_class_folder: Path) -> Path:
    return write_report(shared_class_folder).parent


def poisoned(document: Any, poison: str) -> Any:
    """Put a text wherever the schema allows any text."""
    fixed = {"name", "status", "code", "seed", "isolation"}
    if isinstance(document, dict):
        return {k: v if k in fixed else poisoned(v, poison) for k, v in document.items()}
    if isinstance(document, list):
        return [
            poisoned(value, f"{poison}{i}" if isinstance(value, str) else poison)
            for i, value in enumerate(document)
        ]
    return poison if isinstance(document, str) else document


def test_there_is_a_page_for_each_student_and_one_for_the_class(report: Path) -> None:
    assert len(list(report.iterdir())) == 25
    assert (report / "index.html").is_file()


def test_a_students_page_shows_the_verdict(report: Path) -> None:
    page = Page(report / "grace.html")
    text = re.sub(r"\s+", " ", page.text)
    for words in (
        "14 of 100 points",
        "1 of 7 functions is right",
        "The gradient of the loss, not of the score",
        "look at which number you call backward() on",
        "an old PyTorch idiom was translated: Variable",
        "StyleTransfer-Copy1.ipynb holds only stubs",
        "Found in NetworkVisualization.ipynb as make_adversarial_attack",
        "1 of 5 checks passed",
        "Inline questions are read and graded by a person",
        "sha256:4f1c9ae07b3355d2",
    ):
        assert words in text
    for status in (*STATUSES, "pass", "fail", "skipped"):
        assert f'is-{status}">{status}<' in page.source
    assert len([image for image in page.all("img") if image["alt"]]) == 5 * 3 + 4


def test_a_function_that_nothing_explains_points_to_its_first_failure(report: Path) -> None:
    assert "Where to look first" in Page(report / "grace.html").text


def test_the_class_page_shows_the_class(report: Path) -> None:
    page = Page(report / "index.html")
    text = re.sub(r"\s+", " ", page.text)
    for words in (
        "24 submissions",
        "median85%",
        "15 correct",
        "9 partial",
        "saliency-cross-entropy",
        "24 × grader 0.1.0",
    ):
        assert words in text
    rows = re.findall(r'<tr><th scope="row"><a href="\./', page.source)
    assert len(rows) == 24


def test_links_of_the_class_page_lead_to_pages_and_sections(report: Path) -> None:
    hrefs = [
        a["href"] or "" for a in Page(report / "index.html").all("a") if not (a["href"] or "").startswith("#")
    ]
    assert len(hrefs) > 24
    for href in hrefs:
        path, _, fragment = href.partition("#")
        page = report / unquote(path)
        assert page.is_file()
        assert not fragment or f'id="{fragment}"' in page.read_text(encoding="utf-8")


def test_isolation_process_is_a_visible_warning(build: Any, tmp_path: Path, report: Path) -> None:
    assert "without walls" not in Page(report / "index.html").text
    documents = [build.result("ada"), build.result("alan", isolation="process")]
    text = re.sub(r"\s+", " ", Page(write_report(build.write_out(tmp_path / "walls", documents))).text)
    assert "1 of 2 submissions ran with isolation process" in text
    assert "did not all come about in the same way" in text


def test_results_of_other_code_are_marked_wherever_they_stand_side_by_side(
    build: Any, tmp_path: Path
) -> None:
    old = build.result("grace")
    del old["grader"]["code"]
    documents = [build.result("ada"), build.result("alan"), build.result("bob", code="sha256:ffff"), old]
    page = Page(write_report(build.write_out(tmp_path, documents)))
    assert "Scores of another code cannot be compared: grade the whole class again" in " ".join(
        page.text.split()
    )
    assert re.findall(r'title="graded otherwise: ([^"]*)"', page.source) == [
        "code sha256:ffff",
        "code not recorded",
    ]
    footer = page.text[page.text.index("How this came about") :]
    for words in (
        "2 × grader 0.1.0, code sha256:90ab12cd34ef5678",
        "† 1 × grader 0.1.0, code sha256:ffff",
        "code not recorded",
    ):
        assert words in footer
    assert "code sha256:ffff" in Page(tmp_path / "report" / "bob.html").text


def test_results_of_one_way_are_not_marked(report: Path) -> None:
    assert "†" not in Page(report / "index.html").source


def test_the_same_results_give_the_same_bytes(class_folder: Path) -> None:
    first = {path.name: path.read_bytes() for path in write_report(class_folder).parent.iterdir()}
    assert first == {path.name: path.read_bytes() for path in write_report(class_folder).parent.iterdir()}


def test_an_empty_class_has_a_page(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    assert "There are no results yet" in Page(write_report(tmp_path)).text


def test_a_submission_without_functions_or_points_has_a_page(build: Any, tmp_path: Path) -> None:
    bare = build.result("ada") | {"functions": [], "score": 0, "max_score": 0}
    assert write_report(build.write_out(tmp_path, [bare])).is_file()


def test_markup_in_every_field_changes_no_tag(build: Any, tmp_path: Path) -> None:
    pages = []
    for poison in (HOSTILE, "plain" * 40):  # a long id is set smaller
        out = tmp_path / str(len(pages))
        document = poisoned(copy.deepcopy(build.the_class()[0]), poison)
        build.write_out(out, [document])
        index = write_report(out)
        pages.append((Page(index), Page(index.parent / page_name(document["student"]))))
    for hostile, plain in zip(*pages, strict=True):
        assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
        assert [list(attributes) for _, attributes in hostile.tags] == [list(a) for _, a in plain.tags]
        assert "⟨U+202E⟩" in hostile.text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", hostile.source)
        assert "{{ 7*7 }}" in hostile.text


def test_a_hostile_title_of_a_picture_is_escaped(build: Any, tmp_path: Path) -> None:
    import numpy as np

    out = build.write_out(tmp_path, [build.result("ada")])
    path = out / "pictures" / "ada" / "tv_loss.npz"
    path.parent.mkdir(parents=True)
    ones = np.ones((1, 4, 4), np.float32)
    np.savez(
        path, kind=np.array("map"), title=np.array("<script>x</script>\u202e"), yours=ones, expected=ones
    )
    page = Page(write_report(out).parent / "ada.html")
    assert not page.all("script")
    assert "&lt;script&gt;x&lt;/script&gt;⟨U+202E⟩" in page.source


def test_pages_reach_nothing_outside_themselves(report: Path) -> None:
    for name in ("index.html", "grace.html"):
        page = Page(report / name)
        assert not {"link", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.tags}
        for tag, attributes in page.tags:
            assert not any(key.startswith("on") or key == "style" for key in attributes)
            source = attributes.get("src") or "data:"
            assert source.startswith("data:")
            assert (attributes.get("href") or "#").startswith(("#", "./"))
            assert tag != "script" or name == "index.html"
        assert "http" not in page.source.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_the_policy_admits_this_style_and_this_script_only(report: Path) -> None:
    for name in ("index.html", "grace.html"):
        page = Page(report / name)
        policy = next(meta["content"] or "" for meta in page.all("meta") if meta.get("http-equiv"))
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        for tag in ("style", "script"):
            for inline in re.findall(f"<{tag}>(.*?)</{tag}>", page.source, re.DOTALL):
                digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
                assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize(
    "student", ["张三", "a b#c?d%41", "index", "<b>", "o'neil & co", "عمر", "caf\udce9", "..", "a/b"]
)
def test_any_id_has_a_page_that_its_link_finds(build: Any, tmp_path: Path, student: str) -> None:
    index = write_report(build.write_out(tmp_path, [build.result(student)]))
    (href,) = {a["href"] or "" for a in Page(index).all("a") if (a["href"] or "").startswith("./")}
    page = index.parent / unquote(href, errors="surrogateescape")
    assert page.is_file()
    assert page.parent == index.parent
    assert os.fsdecode(os.fsencode(page.name)) == page.name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report", "results"]


def test_pictures_outside_the_folder_are_never_read(build: Any, tmp_path: Path) -> None:
    import numpy as np

    out = build.write_out(tmp_path / "out", [build.result("..")])
    ones = np.ones((1, 4, 4), np.float32)
    np.savez(out / "tv_loss.npz", kind=np.array("map"), title=np.array("x"), yours=ones, expected=ones)
    assert not Page(write_report(out).parent / page_name("..")).all("img")


def test_pages_have_what_assistive_technology_needs(report: Path) -> None:
    for name in ("index.html", "grace.html"):
        page = Page(report / name)
        assert page.all("html")[0]["lang"] == "en"
        assert len(page.all("h1")) == len(page.all("main")) == len(page.all("header")[:1]) == 1
        assert all(head.get("scope") in ("row", "col") for head in page.all("th"))
        assert all("alt" in image for image in page.all("img"))
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_colour_has_a_contrast_of_four_and_a_half(report: Path, scheme: int) -> None:
    source = (report / "grace.html").read_text(encoding="utf-8")
    colours = dict(
        re.findall(r"--([a-z]+): (#[0-9a-f]{6});", source.split(":root {")[1 + scheme].split("}")[0])
    )
    texts = ("ink", "soft", "accent", "correct", "partial", "wrong", "error", "timeout", "blank")
    assert {*re.findall(r"(?<![-\w])color: var\(--([a-z]+)\)", source)} <= {*texts, "tone"}
    for text in texts:
        for ground in ("paper", "card", "tint"):
            dark, light = sorted((luminance(colours[text]), luminance(colours[ground])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_a_stopped_writer_leaves_no_half_page(class_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = write_report(class_folder)
    before = index.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_report(class_folder)
    assert index.read_bytes() == before
    assert not list(index.parent.glob(".tmp-*"))


def decided(build: Any, out: Path, reason: str) -> Path:
    """A class of two about which a course has decided everything it can."""
    build.write_out(out, [build.result("ada"), build.grace()])
    due = datetime(2026, 5, 20, tzinfo=UTC)
    policies = Policies(
        points={"tv_loss": 25},
        drop=("make_fooling_image",),
        deadline=Deadline(due, 10),
        overrides=(Override("ada", 3, reason, "gram_matrix"),),
        submitted={"grace": due + timedelta(hours=30)},
    )
    write_policies(out, policies)
    return write_report(out).parent


def test_what_the_course_decided_is_shown_where_it_counts(build: Any, tmp_path: Path) -> None:
    pages = decided(build, tmp_path, "the `loop` was right")
    ada, grace, index = (
        re.sub(r"\s+", " ", Page(pages / f"{name}.html").text) for name in ("ada", "grace", "index")
    )
    assert "93 of 100 points" in ada  # 15 points dropped, 15 more for tv_loss, 7 lost by hand
    assert "The checks gave 100 of 100 points." in ada
    assert "set to 3 by hand: the loop was right" in ada
    assert "counts 25 points instead of 10" in ada
    assert "handed in 1 d 6 h after the deadline (2026-05-20 00:00+00:00): 20 % less" in grace
    assert "the loop was right" not in grace
    for words in (
        "tv_loss counts 25 points",
        "make_fooling_image is dropped",
        "due 2026-05-20 00:00+00:00: 10 % of the points earned less for each day that has begun, at most 100 %",
        "ada: gram_matrix: set to 3 by hand: the loop was right",
    ):
        assert words in index


def test_without_decisions_nothing_of_them_is_shown(report: Path) -> None:
    for name in ("index.html", "grace.html"):
        assert "course decided" not in Page(report / name).text


def without_work(build: Any, note: str) -> Any:
    names = [function["name"] for function in build.result("ada")["functions"]]
    return build.result("ada", *(build.function(name, "missing") for name in names), notes=(note,))


def test_a_zero_for_want_of_a_file_is_told_with_its_reason(build: Any, tmp_path: Path) -> None:
    noted = build.result("grace", notes=("graded Style.ipynb",))
    out = build.write_out(tmp_path, [without_work(build, "hw.pdf: no notebook"), noted, build.result("alan")])
    text = re.sub(r"\s+", " ", Page(write_report(out)).text)
    (found,) = re.findall(r"Nothing found .* Students", text)
    assert "ada: hw.pdf: no notebook" in found
    assert "grace" not in found
    assert "alan" not in found


def test_where_something_was_found_of_everybody_there_is_no_such_list(report: Path) -> None:
    assert "Nothing found" not in Page(report / "index.html").text


def test_markup_in_the_name_of_a_file_changes_no_tag(build: Any, tmp_path: Path) -> None:
    pages = []
    for number, note in enumerate(("plain", HOSTILE)):
        out = build.write_out(tmp_path / str(number), [without_work(build, note)])
        pages.append([tag for tag, _ in Page(write_report(out)).tags])
    assert pages[0] == pages[1]


def test_markup_in_a_reason_changes_no_tag(build: Any, tmp_path: Path) -> None:
    hostile, plain = (decided(build, tmp_path / str(len(text)), text) for text in (HOSTILE, "plain"))
    for name in ("ada.html", "index.html"):
        assert [tag for tag, _ in Page(hostile / name).tags] == [tag for tag, _ in Page(plain / name).tags]


def test_a_page_is_not_written_again_unless_what_it_shows_has_changed(class_folder: Path) -> None:
    page = write_report(class_folder).parent / "grace.html"
    before = page.stat().st_mtime_ns
    write_report(class_folder)
    assert page.stat().st_mtime_ns == before
    whole = page.read_bytes()
    page.write_bytes(whole[:-100])
    write_report(class_folder)
    assert page.read_bytes() == whole
    (class_folder / "pictures" / "grace" / "compute_saliency_maps.npz").unlink()
    write_report(class_folder)
    assert page.read_bytes() != whole


def test_a_large_class_has_several_pages_that_need_no_script(
    build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grading.report.pages.ROWS", 3)
    monkeypatch.setattr("grading.report.pages.NAMES", 2)
    students = [f"student{number}" for number in range(8)]
    out = build.write_out(tmp_path, [build.result(student) for student in students])
    index = write_report(out)
    pages = [index, *(index.with_name(f"index-{number}.html") for number in (2, 3))]
    for place, page in enumerate(pages):
        links = {tag["href"] for tag in Page(page).all("a") if "href" in tag}
        assert {f"./{student}.html" for student in students[3 * place : 3 * place + 3]} <= links
        assert {other.name for other in pages} <= links
    (out / "results" / "student7.json").unlink()
    (out / "results" / "student6.json").unlink()
    write_report(out)
    assert sorted(path.name for path in index.parent.glob("index*")) == ["index-2.html", "index.html"]

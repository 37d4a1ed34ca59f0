"""What a student typed can only be read."""

from urllib.parse import unquote

import pytest

from grading.results.text import LONGEST, duration, harmless, number, page_href, page_name, prose


def test_a_right_to_left_override_becomes_visible() -> None:
    assert harmless("cod\u202egnp.exe") == "cod⟨U+202E⟩gnp.exe"


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x7f", "\x85", "\u200b", "\u2066", "\u2028", "\ufeff", "\U000e0041"]
)
def test_control_and_invisible_characters_become_visible(character: str) -> None:
    assert harmless(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"


@pytest.mark.parametrize("text", ["línea\n\tdos", "张三", "שלום", "👩‍🔬", "می‌خواهم"])
def test_ordinary_text_of_any_script_stays(text: str) -> None:
    assert harmless(text) == text


def test_what_comes_back_can_always_be_encoded() -> None:
    assert harmless("caf\udce9").encode() == "caf⟨U+DCE9⟩".encode()


def test_a_long_message_is_cut_and_says_so() -> None:
    assert harmless("x" * (LONGEST + 7)).endswith("… (7 more characters)")


def test_backticks_become_code_and_the_rest_is_escaped() -> None:
    assert prose("call `a<b` & go") == "call <code>a&lt;b</code> &amp; go"
    assert prose("one ` alone") == "one ` alone"


@pytest.mark.parametrize(
    ("value", "text"), [(92.5, "92.5"), (100, "100"), (0, "0"), (1 / 3, "0.33"), (30.0, "30"), (12.999, "13")]
)
def test_numbers_have_no_trailing_zeros(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.42 s"), (14.2, "14 s"), (185, "3 min 5 s"), (8040, "2 h 14 min"), (float("nan"), "unknown")],
)
def test_durations_read_like_a_person_says_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    "student", ["ada", "Ada Lovelace", "张三", "ada.l-1", "o'neil", "a#b?c%20"[:3], "=cmd"]
)
def test_a_sound_id_names_its_page(student: str) -> None:
    assert page_name(student) == f"{student}.html"


@pytest.mark.parametrize(
    "student",
    [
        "index",
        "INDEX",
        ".",
        "..",
        ".hidden",
        "a/b",
        "..\\x",
        "a\x00b",
        "a\nb",
        "x" * 300,
        "\ud800",
        "javascript:x",
    ],
)
def test_an_id_that_cannot_be_a_file_name_gets_a_hash(student: str) -> None:
    name = page_name(student)
    assert name.endswith(".html")
    assert name.casefold() != "index.html"
    assert not name.startswith(".")
    assert not set(name) & set("/\\:\x00\n")
    assert len(name.encode()) < 220


def test_unsound_ids_keep_apart() -> None:
    assert len({page_name(student) for student in ("a/b", "a\\b", "a_b", "a\nb")}) == 4


@pytest.mark.parametrize("student", ["ada", "张三", "a b", "100%", "a#b", "<b>", "\udcff"])
def test_links_are_plain_ascii_and_lead_to_the_page(student: str) -> None:
    href = page_href(student, "tv_loss")
    assert href.isascii()
    assert href.startswith("./")
    assert not set(href) & set(" <>\"'&")
    path, fragment = href.split("#")
    assert fragment == "tv_loss"
    assert unquote(path, errors="surrogateescape") == f"./{page_name(student)}"

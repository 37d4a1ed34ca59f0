"""Puts an exception into words: what was raised, where, and what it means, a line each."""

from __future__ import annotations

from collections.abc import Mapping

from cs231n.sentences import Sentence, joined, sentence
from cs231n.trials.exceptions.explain import explain

# Marks an exception whose message is not told, for it may hold inputs that are private.
WITHHELD = "withheld"
# Marks one in whose message "…" stands for what could tell private inputs.
SHORTENED = "shortened"
_WHAT_DOTS_ARE = sentence(
    "In what the error says, … stands for parts that could tell the inputs of this private check."
)
# Characters of each part of an exception: more is no message but an attack on whoever reads it.
LONGEST = {"type": 80, "message": 400, "place": 200, "line": 160}


def told(raised: Mapping[str, str], hints: Mapping[str, str], explained: set[str] | None = None) -> Sentence:
    """Return what is said of an exception.

    Three lines, each of which reads on from the one before::

        RuntimeError: grad can be implicitly created only for scalar outputs
        (NetworkVisualization.ipynb, cell 7, line 4: `scores.backward()`).
        `backward()` starts from one number, but this tensor holds several. ...

    The second is left out where no line of the student's is known, the third where there is no explanation.

    Parameters
    ----------
    raised : mapping
        Type, message, place and line of the exception. All of it may be forged: it is shortened, and has no line breaks
        and no control characters afterwards. Of one with `WITHHELD` it is said that its message is not shown here.
    hints : mapping
        Id of an explanation -> what such an exception means in the function that was called.
    explained : set of str, optional
        What was explained before and is not to be told again; this explanation is added.
    """
    plain = {name: _plain(raised.get(name, ""), limit) for name, limit in LONGEST.items()}
    what = ": ".join(part for part in (plain["type"], plain["message"]) if part)
    if WITHHELD in raised:
        what = sentence("{type}: its message is shown for public checks only", type=plain["type"])
    lines: list[str] = [what]
    if not plain["place"] and not what.endswith((".", "!", "?")):
        lines = [joined([what, ""], ".")]
    if plain["place"]:
        code = plain["line"].replace("`", "'")  # backticks set it as code
        template = "({place}: `{code}`)." if code else "({place})."
        lines.append(sentence(template, place=plain["place"], code=code))
    explanation = explain(plain, hints)
    said = [explanation.sentences()] if explanation else []
    if SHORTENED in raised:
        said.append(_WHAT_DOTS_ARE)
    new = [sentences for sentences in said if sentences not in (explained or ())]
    if new:
        lines.append(joined(new, " "))
    if explained is not None:
        explained.update(new)
    return joined(lines, "\n")


def _plain(text: str, limit: int) -> str:
    """Return a text on one line, shortened, with nothing in it that a screen obeys."""
    visible = "".join(c if c.isprintable() else "\n" for c in text[: 4 * limit])
    line = " ".join(part.strip() for part in visible.split("\n") if part.strip())
    return line if len(line) <= limit else f"{line[: limit - 2].rstrip()} …"

"""Feedback page of a student: the report's page, with the comments on the inline questions."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from cs231n.language import said
from grading.nbgrader.gradebook import ByHand
from grading.results.text import harmless, number


def feedback_page(page: str, answers: Sequence[ByHand]) -> str:
    """Return a page of the report with a section on the inline questions that were graded by hand, if any."""
    if not answers:
        return page
    items = Markup("").join(
        Markup("<li><code>{}</code>: {}{}</li>").format(
            answer.question,
            said("{points} of {most} points", points=number(answer.score), most=number(answer.max_score)),
            f"{said('.')} {harmless(answer.comment)}" if answer.comment else "",
        )
        for answer in answers
    )
    section = Markup(
        '<section class="page notes" id="questions"><h2 class="label">{}</h2><ul>{}</ul></section>\n'
    ).format(said("Inline questions, graded by a person"), items)
    before, end, after = page.rpartition("</body>")
    return f"{before}{section}{end}{after}"

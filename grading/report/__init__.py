"""So that verdicts reach people: a page for each student, one for the class, a table of grades."""

from grading.report.grades_csv import write_grades_csv
from grading.report.pages import write_report
from grading.report.schema import validate_result
from grading.report.text import page_name

__all__ = ["page_name", "validate_result", "write_grades_csv", "write_report"]

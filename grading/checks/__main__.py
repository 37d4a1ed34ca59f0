"""Writes the rubric again, after checks have changed."""

from grading.checks.rubric_page import write_rubric

if __name__ == "__main__":
    print(write_rubric())

"""Hostile submissions, with the verdict each must get: what `python -m grading doctor` and the tests grade.

`python -m grading.attacks` writes their notebooks from the tables in `tampering`, `reading`, `exhausting` and
`escaping`; those of `loading` are made in a temporary folder whenever they are needed, some are too large to keep.
"""

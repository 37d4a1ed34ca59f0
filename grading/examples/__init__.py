"""A small class of submissions written for this kit: right, and wrong in known ways. `python -m grading.examples`
writes their notebooks from the student notebooks and from the lines in `right` and `wrong`."""

"""The gallery: all techniques on one picture, as one page. `python -m cs231n.lecture.gallery --out DIR`."""

"""All techniques on one picture, as one page: `python -m cs231n.gallery --out DIR [--image FILE]`."""

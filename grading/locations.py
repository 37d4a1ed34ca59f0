"""Where the kit's own files are: in its repository, or among installed packages.

The repository keeps `requirements.txt`, `constraints.txt` and the folder `datasets` at its top. A wheel has no top of
its own (a folder `datasets` there would stand in the way of another package of that name), so it carries them in
`grading/top_level` (`setup.py` puts them there).
"""

from pathlib import Path

# The folder that the packages cs231n and grading are in.
KIT = Path(__file__).resolve().parents[1]
_CARRIED = KIT / "grading" / "top_level"
INSTALLED = _CARRIED.is_dir()
# Texts that the grader shows, in other languages.
CATALOGUES = KIT / "grading" / "locale"
# Where the files of the repository's top are.
TOP_LEVEL = _CARRIED if INSTALLED else KIT

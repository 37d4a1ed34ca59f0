"""Files and folders of the course's packages that students never get, relative to the kit.

`cs231n/lecture` holds what they write themselves, complete. The release leaves it out, the sandbox covers it.
"""

WITHHELD = ("cs231n/lecture",)

"""Files and folders of the course's packages that students never get, relative to the kit.

`cs231n/lecture` holds what they write themselves, complete. The release leaves it out, the sandbox covers it.
"""

WITHHELD = ("cs231n/lecture",)
# What the code of a student's that is graded must not see: this, and the answers of the self-check beside it. What
# students are given stays, so that what runs in their notebook runs there.
HIDDEN_FROM_CHILDREN = ("cs231n/answers", *WITHHELD)

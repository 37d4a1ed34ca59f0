"""What of the course's packages is kept from students: what they are to write themselves, and what is made of it."""

TECHNIQUES = (
    "filters",
    "formulas",
    "incremental",
    "layout",
    "local_layers",
    "neighbours",
    "occlusion",
    "patches",
    "receptive_field",
    "segmentation",
)
# Files and folders, relative to the kit.
WITHHELD = (*(f"cs231n/techniques/{name}.py" for name in TECHNIQUES), "cs231n/gallery")
# What the code of a student's that is graded must not see: this, and the answers of the self-check beside it. What
# students are given stays, so that what runs in their notebook runs there.
HIDDEN_FROM_CHILDREN = ("cs231n/answers", *WITHHELD)

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

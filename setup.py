"""What a wheel of the kit holds: its two packages with their data, and of the repository's top what they read."""

from setuptools import find_namespace_packages, setup

# Where they are found once installed: grading/locations.py.
TOP_LEVEL = {"grading.top_level": ".", "grading.top_level.datasets": "datasets"}
SUFFIXES = ("css", "html", "js", "json", "md", "npz", "po", "sh", "svg", "toml")
DATA = [*(f"*.{suffix}" for suffix in SUFFIXES), "run_autograder"]

setup(
    packages=[*find_namespace_packages(include=["cs231n*", "grading*"]), *TOP_LEVEL],
    package_dir=TOP_LEVEL,
    package_data={
        "cs231n": [f"**/{pattern}" for pattern in DATA],
        "grading": [f"**/{pattern}" for pattern in DATA],
        "grading.top_level": ["requirements.txt", "constraints.txt"],
        "grading.top_level.datasets": ["README.md", "*.sh", "styles/README.md", "styles/.gitignore"],
    },
    include_package_data=False,
)

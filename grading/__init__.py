"""What an instructor runs: `python -m grading --help`. Student code runs in `grading.sandbox` and nowhere else."""

__version__ = "0.1.0"

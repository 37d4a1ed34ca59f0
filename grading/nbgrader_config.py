"""The old name of `grading.nbgrader.config`: the nbgrader_config.py of courses made before 2027 imports it."""

from grading.nbgrader.config import configure

__all__ = ["configure"]

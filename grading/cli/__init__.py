"""The command line, one module for each command; nothing imports it."""

from grading.cli.app import main

__all__ = ["main"]

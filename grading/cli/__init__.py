"""The command line, one module for each command; nothing imports it."""


def main() -> None:
    """Run the command line: what `cs231n-grading` and `python -m grading` call."""
    from grading.cli.app import main as run  # not before it is called: every module in here imports this one

    run()

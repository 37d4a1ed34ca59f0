"""Settings of nbgrader's Validate button, where nbgrader is installed: only the checks are run, and they get time."""
# ruff: noqa: F821
# mypy: ignore-errors

c = get_config()
c.Execute.skip_cells_with_tag = "demo"
c.Execute.timeout = 180

"""Named mistakes of this notebook, one module for each function."""

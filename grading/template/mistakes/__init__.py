"""Named wrong solutions of MyNotebook, one module for each function."""

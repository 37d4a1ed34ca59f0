"""Report: a page for each student, one for the class, a table of grades."""

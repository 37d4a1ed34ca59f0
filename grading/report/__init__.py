"""So that verdicts reach people: a page for each student, one for the class, a table of grades."""

"""What both sides of the sandbox use: the trusted grader, and the program inside the walls."""

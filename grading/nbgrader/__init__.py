"""Integration with nbgrader: configuration, course folder, autograder cells, gradebook, feedback."""

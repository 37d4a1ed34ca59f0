"""All that is nbgrader's: configuration, course folder, autograder cells, gradebook, feedback."""

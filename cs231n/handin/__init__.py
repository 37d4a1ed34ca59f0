"""What a student hands in, read the same way by the packer, the self-check and the grader."""

"""Reading of what a student hands in, shared by the packer, the self-check and the grader."""

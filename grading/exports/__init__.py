"""Takes grades to where courses keep them: one module for each place. They read results, and nothing else."""

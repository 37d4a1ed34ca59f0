"""Exports of grades to learning platforms: one module for each. They read results, and nothing else."""

"""The words an author writes with: checks, their inputs and judges, mistakes, functions, notebooks, assignments."""

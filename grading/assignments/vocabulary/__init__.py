"""The vocabulary of authors: checks, their inputs and judges, mistakes, functions, notebooks, assignments."""

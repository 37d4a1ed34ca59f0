"""The program inside the walls. It knows no check, no answer, no mistake and no seed; it imports `cs231n` alone."""

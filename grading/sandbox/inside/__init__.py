"""The program inside the sandbox. It knows no check, no answer, no mistake and no seed; it imports `cs231n` alone."""

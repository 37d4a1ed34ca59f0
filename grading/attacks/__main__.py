"""Command that writes the notebooks of all attacks, after the student notebooks or the attacks have changed."""

from grading.attacks.table import (HERE, write_attacks)

if __name__ == "__main__":
    for path in write_attacks(HERE):
        print(path)

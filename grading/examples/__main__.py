"""Command that writes the notebooks of all examples, after the student notebooks or the examples have changed."""

from grading.examples.fill import (HERE, write_examples)

if __name__ == "__main__":
    for path in write_examples(HERE):
        print(path)

"""Makes `python -m grading` the command line."""

from grading.cli import main

if __name__ == "__main__":
    main()

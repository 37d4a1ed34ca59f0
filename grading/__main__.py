"""Makes `python -m grading` the command line."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # With -m, Python looks for modules in the current folder first. A course may keep a torch.py or a folder `datasets`
    # there, which are none of the kit's.
    kit = Path(__file__).resolve().parents[1]
    if not sys.flags.safe_path and sys.path and Path(sys.path[0]).resolve() != kit:
        del sys.path[0]

    from grading.cli import main

    main()

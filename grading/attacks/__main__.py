"""Writes the notebooks of the attacks into a folder, one for each attack: `python -m grading.attacks DIR`."""

import argparse
from pathlib import Path

from grading.attacks.table import ATTACKS, write_attack

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m grading.attacks", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write them; made if it does not exist")
    folder = parser.parse_args().folder
    try:
        for attack in ATTACKS:
            print(write_attack(attack, folder))
    except OSError as error:
        parser.error(f"{folder} cannot be written ({error.strerror}): name another folder")

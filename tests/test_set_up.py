"""What `make` sets up it can set up again: an environment that was made half is completed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(__file__).parents[1]
# A Python whose `venv` lacks what gives an environment its pip, until the file `installed` is there.
PYTHON = f"""#!/bin/sh
[ "$1 $2" = "-m venv" ] || exec '{sys.executable}' "$@"
mkdir -p "$3/bin" && cp environment "$3/bin/python" && test -e installed && touch "$3/bin/pip"
"""
# The Python of an environment, which is asked for pip alone; without a network that installs nothing.
ENVIRONMENT = """#!/bin/sh
test -e "${0%python}pip" || exit 1
echo "$@" >> asked
case "$*" in *install*) test -e network;; esac
"""


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_an_environment_without_pip_is_completed_and_one_with_it_is_kept(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt", "constraints.txt"):
        shutil.copy(KIT / name, tmp_path)
    for name, text in (("python", PYTHON), ("environment", ENVIRONMENT), ("bwrap", "")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def make() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "PYTHON=./python", ".venv/.run"],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
        )

    first = make()
    assert first.returncode
    assert "apt-get install python3-venv" in first.stdout
    (tmp_path / "installed").touch()
    offline = make()
    assert offline.returncode
    assert "needs a network" in offline.stdout
    (tmp_path / "network").touch()
    second = make()
    assert second.returncode == 0, second.stderr
    assert "-m pip install" in (tmp_path / "asked").read_text()
    (tmp_path / "python").unlink()  # is not asked for again
    assert make().returncode == 0

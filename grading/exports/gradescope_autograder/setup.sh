#!/usr/bin/env bash
# Run once, as root, when Gradescope builds the image of the autograder: a Python of 3.11 or newer, bubblewrap,
# and those packages of the kit that grading needs: 2 GB, or 6 GB where torch for processors alone cannot be had.
# Give the containers 4 GB of memory at least.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y bubblewrap libseccomp2
apt-get install -y libarchive13 || apt-get install -y libarchive13t64 || true  # for .rar and .7z
python=""
for candidate in python3.13 python3.12 python3.11; do
    if apt-get install -y "$candidate" "$candidate-venv"; then python="$candidate"; break; fi
done
test -n "$python" || { echo "this image has no Python 3.11 or newer: choose a newer base image"; exit 1; }
"$python" -m venv "$root/venv"
# torch for processors, without the gigabytes of CUDA; where its index cannot be reached, that of PyPI.
"$root/venv/bin/python" -m pip install --no-cache-dir --no-deps --extra-index-url https://download.pytorch.org/whl/cpu \
    $(grep -E '^(torch|torchvision)==' "$root/source/kit/requirements.txt")
"$root/venv/bin/python" -m pip install --no-cache-dir \
    -r "$root/source/kit/requirements.txt" -c "$root/source/kit/constraints.txt"
# The weights are converted once, here, and not for each submission: not in root's home, which is closed to children.
export CS231N_CACHE="$root/cache"
cd "$root/source/kit"
"$root/venv/bin/python" -c "from cs231n.classifiers.squeezenet import load_squeezenet; load_squeezenet()"

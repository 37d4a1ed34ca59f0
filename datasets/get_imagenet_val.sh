#!/usr/bin/env bash
# Check that the ImageNet validation pictures are there (--course downloads the course's own 25 as well).
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python
[ -x "$python" ] || python=$(command -v python3 || command -v python)
exec "$python" -m cs231n.datasets imagenet-val "$@"

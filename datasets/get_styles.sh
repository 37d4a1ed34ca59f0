#!/usr/bin/env bash
# Draw the style pictures.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python
[ -x "$python" ] || python=$(command -v python3 || command -v python)
exec "$python" -m cs231n.datasets styles "$@"

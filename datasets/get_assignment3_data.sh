#!/usr/bin/env bash
# All the data of the assignment, under the name that the course's own instructions use.
set -euo pipefail
here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
for script in get_imagenet_val get_squeezenet get_styles; do
    "$here/$script.sh"
done

"""Names of copies of files."""

import re

# What file managers and students add to the name of a second copy.
COPY = re.compile(r"[ _-]copy\d*|\(\d+\)$|backup|[ _-]bak\b|[ _-]old\b|checkpoint", re.IGNORECASE)

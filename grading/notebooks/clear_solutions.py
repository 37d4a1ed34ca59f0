"""What stands in a student's notebook where the source has a solution: the stubs, as nbgrader is told of them."""

from typing import Any

CODE_STUB = """\
# *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

pass

# *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"""
TEXT_STUB = "*Write your answer here.*"

# By nbgrader's own names.
SETTINGS: dict[str, Any] = {"ClearSolutions": {"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB}}

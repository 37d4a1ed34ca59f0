"""What typer itself says, of which it has no catalogue: words of its help, and templates of its errors."""

from __future__ import annotations

from cs231n.sentences import sentence

HELP = (
    sentence("Usage:"),
    sentence("Arguments:"),
    sentence("Options:"),
    sentence("Commands:"),
    sentence("[OPTIONS]"),
    sentence("COMMAND [ARGS]..."),
    sentence("[default: "),
    sentence("[required]"),
    sentence("Show this message and exit."),
)
# In the order in which they are tried: of two that fit, the longer first.
ERRORS = (
    sentence("Error: {what}"),
    sentence("Try '{command}' for help."),
    sentence("Missing argument {name}."),
    sentence("Missing option {name}."),
    sentence("Missing command."),
    sentence("No such command {name}. Did you mean {others}?"),
    sentence("No such command {name}."),
    sentence("No such option: {name} (Possible options: {others})"),
    sentence("No such option: {name}"),
    sentence("Got unexpected extra argument(s) ({names})"),
    sentence("Option {name} requires an argument."),
    sentence("Option {name} does not take a value."),
    sentence("Invalid value for {name}: {what}"),
    sentence("Input should be a valid integer, unable to parse string as an integer"),
    sentence("Input should be greater than or equal to {least}"),
)

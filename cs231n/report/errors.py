"""What can go wrong with a report."""


class ReportError(Exception):
    """The report, or one file of it, cannot be made; the message is a sentence for the student."""

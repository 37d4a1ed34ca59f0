"""From what a student handed in to text that can be sent to the sandbox. Nothing of the student's runs here."""

"""What is asked: one folder for each notebook, and the words in which they are written."""

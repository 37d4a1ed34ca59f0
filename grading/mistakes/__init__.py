"""Named wrong solutions, each with the sentence a student should read: one module per function."""

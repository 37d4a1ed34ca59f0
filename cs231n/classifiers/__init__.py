"""The networks that the notebooks look into."""

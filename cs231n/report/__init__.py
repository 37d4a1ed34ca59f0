"""The lab report: what a student hands in beside the notebooks, made of the notebooks as they were run."""

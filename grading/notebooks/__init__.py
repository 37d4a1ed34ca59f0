"""From the one source of the notebooks to everything made of it: student notebooks, reference run, bundle."""

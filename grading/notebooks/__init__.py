"""Everything made from the source of the notebooks: student notebooks, reference run, bundle."""

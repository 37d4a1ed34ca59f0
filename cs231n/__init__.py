"""What the notebooks import: the network, the images, the drawing of results, the self-checks."""

__version__ = "0.1.0"

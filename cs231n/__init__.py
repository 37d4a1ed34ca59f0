"""The course's package: the network, the pictures, the drivers, the figures and the self-checks of the notebooks."""

__version__ = "0.1.0"

"""The checks of VisualizingAndUnderstanding, in the order of its parts."""

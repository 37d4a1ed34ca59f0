"""VisualizingAndUnderstanding: the rest of the lecture."""

"""NetworkVisualization: saliency maps, fooling images, class visualization."""

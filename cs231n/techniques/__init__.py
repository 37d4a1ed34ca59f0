"""Ways to look inside a network, one small module each, called alike: `technique(network, images, target, ...)`."""

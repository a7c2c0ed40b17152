"""Tables with their provenance: the bundled ones, a user's own, and what Nvidia's table answers."""

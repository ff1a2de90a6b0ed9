"""The vendor's outgoing post: what is told, to whom, in what order."""

"""Search and shrink: what may happen between a script's first steps and its last expectations, until one breaks."""

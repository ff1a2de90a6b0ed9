"""A failed run in a file: what it was made of, what happened, and whether it happens again. See ``file`` for what a box holds."""

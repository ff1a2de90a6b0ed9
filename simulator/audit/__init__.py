"""The consistency audit: whether what a platform tells is what it answers. See ``looking`` for what is compared, and when."""

"""What exists and how it may change: a value, read through views and changed through commands."""

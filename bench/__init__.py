"""What the simulator costs, as ratios to the barest thing that does the same: ``make bench`` prints them.

Each module measures one promise and can be asked for alone: ``python -m bench start test``. Ratios, since absolute times
tell more of the machine than of us: both sides run in turn, several times, and their medians are compared. Nothing here
is a test; a busy machine fails no build.
"""

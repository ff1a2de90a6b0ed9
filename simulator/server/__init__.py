"""The edge that listens and posts: the only package that waits, and with ``client`` the only user of aiohttp."""

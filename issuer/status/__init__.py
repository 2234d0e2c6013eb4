"""Serve the status of credentials: places in lists, revocation, suspension, published lists."""

"""Who issues: alliances, their members and units, and the keys that speak for them."""

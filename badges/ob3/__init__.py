"""Open Badges 3.0: written from an award, and read for what they prove."""

"""Which organisation signs with which key."""

"""A learner's wallet, written from the specifications and never from the issuer."""

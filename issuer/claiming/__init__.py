"""Learners: one link, and the micro-credential is theirs, in a wallet or as a file."""

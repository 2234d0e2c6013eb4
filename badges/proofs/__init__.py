"""Proofs: canonical bytes, cryptosuites, and the envelopes around credentials."""

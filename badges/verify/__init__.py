"""Verification: read, gather evidence, check, report."""

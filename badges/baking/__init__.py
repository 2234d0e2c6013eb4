"""Credentials inside pictures and documents."""

"""Webhooks: programs are told what happened to credentials (Standard Webhooks)."""

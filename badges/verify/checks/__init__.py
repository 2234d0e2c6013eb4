"""The checks: each stands alone, answers one question, and never hides the next."""

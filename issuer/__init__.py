"""The service: organisations award, learners claim, employers verify."""

"""Award achievements, issue credentials of the awards, and take them back."""

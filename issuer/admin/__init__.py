"""The staff desk: pages for the people who award."""

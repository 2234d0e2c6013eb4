"""What a status list is: bits, entries, and how one is read."""

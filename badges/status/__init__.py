"""What a status list is: bits, the documents that carry them, and how an entry is read."""

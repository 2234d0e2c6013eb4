"""European Digital Credentials: the European Learning Model side of an award."""

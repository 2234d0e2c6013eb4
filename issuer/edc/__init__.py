"""How we serve European Digital Credentials: drawn, exported, sealed and read."""

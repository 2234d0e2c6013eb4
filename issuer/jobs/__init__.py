"""Long work in the background: one durable engine, wrapped so that rows stay the truth."""

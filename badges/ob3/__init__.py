"""Open Badges 3.0 documents, built from the award model."""

"""The input moved, turned and scaled, and what of the pooled map stays the same; sends the settings."""

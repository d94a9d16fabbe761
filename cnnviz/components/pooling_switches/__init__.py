"""The way back through pooling: switches, unpooling, and where the gradient goes; sends the settings."""

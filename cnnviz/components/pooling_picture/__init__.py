"""A whole picture before and after pooling, on one scale of grey; sends the layer's settings."""

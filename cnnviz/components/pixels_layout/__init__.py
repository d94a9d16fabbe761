"""A small tensor and its memory in two layouts; sends its sizes and the chosen index."""

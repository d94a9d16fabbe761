"""One window on one axis, or on two: the strip, the formula term by term, its rounding; sends the window's settings."""

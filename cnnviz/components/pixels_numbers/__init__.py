"""A window on the picture, down to numbered cells, and the whole of it beside; sends where it looks and `{go}`."""

"""Shift then convolve beside convolve then shift; sends the shift, the kernel, the border and the stride."""

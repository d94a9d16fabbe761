"""First in the flow: the mathematics of convolution, pooling and their windows, in torch and numpy alone."""

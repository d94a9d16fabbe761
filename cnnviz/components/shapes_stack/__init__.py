"""One large kernel beside the 3 × 3 layers that see as much: weights, work, memory, gradient; sends the sizes."""

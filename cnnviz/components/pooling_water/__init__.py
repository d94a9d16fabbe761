"""The input as a landscape under rising water: where the picture of pooling holds and where it fails."""

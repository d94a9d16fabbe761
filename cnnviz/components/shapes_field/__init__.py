"""What a unit of a layer sees: on the picture by arithmetic, beside it by gradient; sends the layer and the unit."""

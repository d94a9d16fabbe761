"""A chain of layers as boxes that shrink, with what each costs, built by the reader or a preset; sends the rows."""

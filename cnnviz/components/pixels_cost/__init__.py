"""Layers compared by their parameters, and a picture beside its shuffled self; sends sizes and the seed."""

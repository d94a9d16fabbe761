"""The picture, its planes and a 1 × 1 mix of them; sends the mix."""

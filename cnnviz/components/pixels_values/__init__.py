"""The stages of normalising a picture, with histograms; sends the steps."""

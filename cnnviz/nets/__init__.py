"""Networks that learn: layers as data become modules, data sets are read, trained on, recorded, measured, explained."""

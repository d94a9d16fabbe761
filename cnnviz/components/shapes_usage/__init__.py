"""How often the windows use each pixel: a heat map, the profile of an axis, the border effect; sends the settings."""

"""Every setting that makes a wanted size, to be narrowed down and taken; sends the wanted size or the setting."""

"""What a reader takes home: stills, animations and tables of what the screen showed."""

"""What the added cells contain: five ways to fill an edge, on a row of numbers and on a picture; sends the edge."""

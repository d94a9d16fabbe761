"""An easel of numbers; sends the cells, the brush, `{from_picture}` and `{go}`."""

"""Pictures of what core computed: declared once as a `Drawing`, written as SVG or as pixels."""

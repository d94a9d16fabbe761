"""The launcher: `streamlit run app.py`, `cnnviz`, or any ASGI server on `app:app`.

The script itself is cnnviz/main.py, because a folder called pages/ beside the script breaks deep links.
"""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parent))  # a checkout runs without being installed

from cnnviz import server

# Streamlit looks for this very expression in the file's text before it runs it.
app = st.App(server.SCRIPT, lifespan=server.lifespan, routes=server.ROUTES, middleware=server.MIDDLEWARE)

if __name__ == "__main__":
    app.run()

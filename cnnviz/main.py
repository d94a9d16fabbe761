"""The shell around every page: page config, language, navigation, presentation mode. Streamlit runs this file."""

from __future__ import annotations

from cnnviz.ui import shell

page = shell.open_page()
page.run()
shell.close_page()

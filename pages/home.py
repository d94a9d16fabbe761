"""The landing page: what this is in one breath, the pages as cards, one button into the kernel lab."""

from cnnviz.ui import home

home.show()

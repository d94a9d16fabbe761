"""LeNet, live: a drawn digit on its way through every map of a trained network."""

from cnnviz.ui import lenet_page

lenet_page.head()
lenet_page.stage()
lenet_page.foot()

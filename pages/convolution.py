"""Convolution: the step player. One window, its products, one sum, forwards and backwards."""

from cnnviz.ui import convolution_page, parts

scene = convolution_page.take()
parts.header("convolution", scene)
scene = convolution_page.stage(scene)
convolution_page.share_panel(scene)
convolution_page.one_thing_to_try(scene)

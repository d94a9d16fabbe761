"""The kernel lab: any picture beside its feature map, and every number between them."""

from cnnviz.core.scenes.kernels import KernelScene
from cnnviz.ui import kernels_page, parts, pictures

picture = pictures.beside_title("kernels", KernelScene)
kernels_page.stage(picture)
kernels_page.foot(picture)
parts.one_thing_to_try("kernels")

"""The kernel lab: any picture beside its feature map, and every number between them."""

from cnnviz.core.scenes.kernels import KernelScene
from cnnviz.ui import kernels_page, pictures

picture = pictures.beside_title("kernels", KernelScene)
kernels_page.stage(picture)
kernels_page.foot(picture)

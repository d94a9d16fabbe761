"""Where the data sets officially live, what their files are called, and what they must contain.

MNIST: Y. LeCun, C. Cortes, C. Burges (mirror named by PyTorch's own loader, the original home being gone).
Fashion-MNIST: H. Xiao, K. Rasul, R. Vollgraf, Zalando SE, MIT licence.
CIFAR-10: A. Krizhevsky, V. Nair, G. Hinton; the binary version.
The digests are of the uncompressed content, so a file that was packed again is still recognised.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """One official file: its name, the sha256 of its uncompressed content, and its most uncompressed bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Source:
    """One data set: its folder's name, its official home, its classes, its files by split."""

    name: str
    home: str
    class_names: tuple[str, ...]
    train: tuple[File, ...]
    test: tuple[File, ...]
    shape: tuple[int, int, int]

    def files(self, split: str) -> tuple[File, ...]:
        """The files of "train" or "test"."""
        return self.train if split == "train" else self.test


DIGITS = tuple("0123456789")
CLOTHES = (
    "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def _idx(images: str, labels: str, count: int, split: str) -> tuple[File, File]:
    return (
        File(f"{split}-images-idx3-ubyte.gz", images, 16 + count * 784),
        File(f"{split}-labels-idx1-ubyte.gz", labels, 8 + count),
    )


SOURCES: dict[str, Source] = {
    "mnist": Source(
        "mnist",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        DIGITS,
        _idx(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            60_000,
            "train",
        ),
        _idx(
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            10_000,
            "t10k",
        ),
        (1, 28, 28),
    ),
    "fashion-mnist": Source(
        "fashion-mnist",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        CLOTHES,
        _idx(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            60_000,
            "train",
        ),
        _idx(
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            10_000,
            "t10k",
        ),
        (1, 28, 28),
    ),
    "cifar10": Source(
        "cifar10",
        "https://www.cs.toronto.edu/~kriz/",
        THINGS,
        tuple(File(f"data_batch_{n}.bin", "", 30_730_000) for n in range(1, 6)),
        (File("test_batch.bin", "", 30_730_000),),
        (3, 32, 32),
    ),
}


@dataclass(frozen=True)
class Archive:
    """A data set that comes in one file: its name, and the MD5 its home page gives."""

    name: str
    md5: str


ARCHIVES = {"cifar10": Archive("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530")}

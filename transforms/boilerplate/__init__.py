"""Plain text without the page around it: blocks, what each is, and what the page says of itself."""

from transforms.boilerplate.blocks import split_blocks
from transforms.boilerplate.stripping import Stripped, strip, strip_many, tidy

__all__ = ["Stripped", "split_blocks", "strip", "strip_many", "tidy"]

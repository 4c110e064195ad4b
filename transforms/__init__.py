"""One module or package per stage: pure typed functions and the PTransforms that wire them."""

"""Trained models of the package; `training/train_boilerplate.py` writes them."""

"""Scripts that train the models shipped inside `transforms`."""

"""An HTML page about what runs have written to an output folder."""

"""Command line, options, sources and the assembly of the graph."""

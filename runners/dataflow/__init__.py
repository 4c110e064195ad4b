"""What Dataflow needs beside its flags: the template's parameters and what its launcher starts."""

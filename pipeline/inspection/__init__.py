"""One document through the stages without Beam, and what came of it as a person reads it."""

"""Where documents come from: raw documents and, for what cannot be read, rejections."""

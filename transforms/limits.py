"""Every bound that hostile input can meet, in one place."""

MAX_DOCUMENT_BYTES = 16 * 2**20
"""A page or text larger than this is rejected as ``too_large``."""

MAX_PAYLOAD_BYTES = 16 * 2**20
"""A rejected record keeps its payload up to this size."""

MAX_DECOMPRESSED_BYTES = 32 * 2**20
"""One compressed record may grow to this size, ..."""

MAX_DECOMPRESSION_RATIO = 200
"""... and, above one mebibyte, to this many times its compressed size."""

MAX_FIELD_CHARS = 4096
"""Ids, URLs, header values and other short fields are cut at this length."""

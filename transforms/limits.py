"""Every bound that hostile input can meet, in one place."""

MAX_DOCUMENT_BYTES = 16 * 2**20
"""A page or text larger than this is rejected as ``too_large``."""

MAX_PAYLOAD_BYTES = 16 * 2**20
"""A rejected record keeps its payload up to this size."""

MAX_DECOMPRESSED_BYTES = 32 * 2**20
"""One compressed record may grow to this size, ..."""

RATIO_FREE_BYTES = 2**20
"""... and, above this size, ..."""

MAX_DECOMPRESSION_RATIO = 200
"""... to this many times its compressed size; the latter holds for a compressed file, too."""

MAX_FIELD_CHARS = 4096
"""Ids, URLs, header values and other short fields are cut at this length."""

MAX_RECORD_BYTES = 2 * MAX_DOCUMENT_BYTES
"""A JSON line or a WARC record larger than this is rejected as ``too_large``."""

MAX_RECORD_HEADER_BYTES = 2**20
"""The header lines of one WARC record, and those of the HTTP response in it."""

MAX_HEADERS = 200
"""So many HTTP headers of a response are kept."""

MAX_EMPTY_GZIP_MEMBERS = 10_000
"""A gzip file is given up after so many members in a row that hold nothing."""

MAX_JSON_VALUES = 2_000_000
"""A JSON line with more commas than this would take too much memory once it is parsed."""

MAX_BATCH_CHARS = 1_000_000
"""Articles that are worked on together wait for no other one when their sources are this long."""

MAX_TEMPORAL_CHARS = 500_000
"""Dates are looked for in so many characters of a text: a hundred times a long article, and ten
seconds on the worst noise."""

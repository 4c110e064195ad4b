"""Binary formats that turn up under the names of pages, told by their first bytes."""

_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"%!PS-Adobe", "PostScript"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\0\0\1\0", "ICO"),
    (b"8BPS\0", "Photoshop"),
    (b"PK\3\4", "ZIP"),
    (b"PK\5\6", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"x\x01", "zlib"),
    (b"x\x9c", "zlib"),
    (b"x\xda", "zlib"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90\0", "Windows program"),
    (b"\xca\xfe\xba\xbe", "Java class"),
    (b"\xcf\xfa\xed\xfe", "Mach-O"),
    (b"\0asm", "WebAssembly"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE document"),
    (b"SQLite format 3\0", "SQLite"),
    (b"wOFF\0", "font"),
    (b"wOF2\0", "font"),
    (b"OTTO\0", "font"),
    (b"ttcf\0", "font"),
    (b"\0\1\0\0\0", "font"),
    (b"ID3\2", "MP3"),
    (b"ID3\3", "MP3"),
    (b"ID3\4", "MP3"),
    (b"OggS\0", "Ogg"),
    (b"fLaC\0", "FLAC"),
    (b"FLV\1", "Flash video"),
    (b"\x1aE\xdf\xa3", "Matroska"),
    (b"\0\0\1\xba", "MPEG"),
    (b"\0\0\1\xb3", "MPEG"),
)
_AT_FOUR = {b"ftyp": "MP4", b"moov": "QuickTime", b"jP  ": "JPEG 2000"}
_RIFF = {b"WAVE": "WAV", b"AVI ": "AVI", b"WEBP": "WebP"}


def binary_kind(content: bytes) -> str | None:
    """Return the name of the binary format the content is in, or ``None`` if it may be text."""
    for prefix, kind in _PREFIXES:
        if content.startswith(prefix):
            return kind
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12])
    if content[:1] == b"\0":
        return _AT_FOUR.get(content[4:8])
    return None

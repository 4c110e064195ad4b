"""Files to records, for a batch of them as for those that appear in a watched folder."""

from collections.abc import Iterator
from dataclasses import replace

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipeline.sources.files import InputFile
from pipeline.sources.parts import Part, read_part, split
from transforms.decode import article_id
from transforms.model import RawDocument, Rejected


def read_files(files: PCollection[InputFile]) -> PCollection[RawDocument | Rejected]:
    """Cut large files into parts, spread the parts over the workers, then read each."""
    return (
        files
        | "SplitFile" >> beam.FlatMap(split)
        | "SpreadParts" >> beam.Reshuffle()
        | "ReadPart" >> beam.FlatMap(read_identified)
    )


def read_identified(part: Part) -> Iterator[RawDocument | Rejected]:
    """Yield the records of a part of a file, each with its id."""
    for record in read_part(part):
        if isinstance(record, Rejected):
            raw = replace(record.raw, record_id=article_id(record.raw))
            yield replace(record, raw=raw)
        else:
            yield replace(record, record_id=article_id(record))

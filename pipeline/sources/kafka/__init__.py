"""Kafka topics as a source: ``kafka://HOST:PORT[,HOST:PORT]/TOPIC``."""

from pipeline.sources.kafka.address import SCHEME, Partition, Topic, parse_address
from pipeline.sources.kafka.consumers import check_topic
from pipeline.sources.kafka.read import ReadKafka
from pipeline.sources.kafka.settings import use

__all__ = ["SCHEME", "Partition", "ReadKafka", "Topic", "check_topic", "parse_address", "use"]

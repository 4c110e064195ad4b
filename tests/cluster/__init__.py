"""Tests on Prism, on a Flink cluster and with a Kafka broker."""

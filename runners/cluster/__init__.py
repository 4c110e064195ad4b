"""A real Flink cluster and a real Kafka broker on loopback, without containers."""

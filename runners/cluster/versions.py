"""The versions a local cluster is made of, all in one place.

Prism has the version of the installed Beam. The job server is the newest whose jars are in Maven
Central as libraries; it serves jobs of later Python SDKs, the protocol between them being stable.
"""

from importlib.metadata import version

BEAM = version("apache-beam")
BEAM_FLINK_RUNNER = "2.70.0"
BEAM_JOB_SERVICE = "2.65.0"
FLINK = "1.19.3"
KAFKA = "3.9.1"
KAFKA_SCALA = "2.13"
SHADE_PLUGIN = "3.6.0"
DEPENDENCY_PLUGIN = "3.8.1"
KAFKA_SLF4J = "1.7.36"
JOB_SERVER_SLF4J = "2.0.17"

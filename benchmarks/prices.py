"""List prices in US dollars, before any discount, and where they stand.

They were looked up in November 2026 in stored copies of public pages, not on the vendors' live
pages; ``checked`` says what was found to agree. Put in your own.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compute:
    """What a worker costs per vCPU and hour, with its memory, and per GB that it shuffles."""

    name: str
    vcpu_hour: float
    memory_gb_hour: float
    shuffled_gb: float
    source: str
    checked: str


MEMORY_GB = 4.0
"""Memory of a worker per vCPU: that of general-purpose machines."""

DATAFLOW = "https://cloud.google.com/dataflow/pricing (us-central1)"

BATCH = (
    Compute(
        "Dataflow batch",
        0.056,
        0.003557,
        0.011,
        DATAFLOW,
        "all three rates as in public cost scripts that cite the page",
    ),
    Compute(
        "GCE n2-standard",
        0.194236 / 4,
        0,
        0,
        "https://cloud.google.com/compute/vm-instance-pricing (us-central1, n2-standard-4)",
        "$0.1942 is quoted widely; the page itself could not be read",
    ),
    Compute(
        "EC2 m7i",
        0.1008 / 2,
        0,
        0,
        "https://aws.amazon.com/ec2/pricing/on-demand/ (us-east-1, Linux, m7i.large)",
        "as quoted in two guides of 2026",
    ),
)

STREAMING = (
    Compute(
        "Dataflow streaming",
        0.069,
        0.003557,
        0.018,
        DATAFLOW,
        "vCPU and memory as in public cost scripts; the rate per GB of Streaming Engine is not"
        " verified",
    ),
    *BATCH[1:],
)

STORAGE_GB_MONTH = 0.023
"""S3 Standard, us-east-1, first 50 TB; Google's Standard class is 0.020. Checked in guides."""

WRITES_PER_DOLLAR = 200_000
"""S3 PUT, COPY, LIST at 0.005 a thousand; Google's class A operations cost the same. Checked."""

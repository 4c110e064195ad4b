"""The start program of a worker on a cluster.

A runner with ``--environment_type=PROCESS`` starts it with ``--id`` and ``--provision_endpoint``
and expects a Python worker to connect (Beam's container contract,
https://s.apache.org/beam-fn-api-container-contract). Beam's own start program also installs what
a job has staged, lists the environment with pip three times and restarts a worker that died;
copydesk stages nothing, and a dead worker is for the runner to see and to replace.
"""

import argparse
import os


def main() -> None:
    """Ask the runner what a worker must know, then be that worker."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--id", required=True)
    parser.add_argument("--provision_endpoint", required=True)
    known, _ = parser.parse_known_args()
    os.environ.update(provision(known.id, known.provision_endpoint))

    from pipeline import worker

    worker.main()


def provision(worker_id: str, endpoint: str) -> dict[str, str]:
    """Return the environment variables that tell Beam's worker whom to serve."""
    import grpc
    from apache_beam.portability.api import beam_provision_api_pb2 as api
    from apache_beam.portability.api import beam_provision_api_pb2_grpc as service
    from google.protobuf import json_format

    with grpc.insecure_channel(endpoint) as channel:
        info = (
            service.ProvisionServiceStub(channel)
            .GetProvisionInfo(api.GetProvisionInfoRequest(), metadata=[("worker_id", worker_id)])
            .info
        )
    variables = {
        "WORKER_ID": worker_id,
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "LOGGING_API_SERVICE_DESCRIPTOR": str(info.logging_endpoint),
        "CONTROL_API_SERVICE_DESCRIPTOR": str(info.control_endpoint),
        "RUNNER_CAPABILITIES": " ".join(info.runner_capabilities),
    }
    if info.HasField("status_endpoint"):
        variables["STATUS_API_SERVICE_DESCRIPTOR"] = str(info.status_endpoint)
    return variables


if __name__ == "__main__":
    main()

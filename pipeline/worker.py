"""A worker process of a local run: Beam's own, without its chatter.

Beam starts ``python -m pipeline.worker`` and tells it by environment variables whom to ask for
work.
"""

import gc
import logging
import sys


def tune_collector() -> None:
    """Keep the cyclic collector off code and models, and call it less often.

    At Python's own settings it takes 8 % of the CPU of a run to find next to nothing.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def main() -> None:
    """Work until the run is over; what goes wrong is logged by the process that started this."""
    # Beam logs on import, and the first record of a root logger without a handler gives it one
    # that prints everything. Records reach the run by Beam's own handler, errors are shown there.
    logging.getLogger().addHandler(logging.NullHandler())

    from apache_beam.runners.worker import sdk_worker_main

    import pipeline.graph  # noqa: F401  (what the work needs, so that it is frozen, too)

    tune_collector()
    sdk_worker_main.main(sys.argv)


if __name__ == "__main__":
    main()

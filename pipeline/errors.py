"""Errors that end a command with one clear line, and the exit codes scripts see."""

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class CopydeskError(Exception):
    """Ends the command: the message is one line for a person, ``exit_code`` for a script."""

    exit_code = EXIT_FAILED


class UsageError(CopydeskError):
    """What was asked for cannot be done: a wrong flag, input or output."""

    exit_code = EXIT_USAGE

"""The command `wayhome`: reads files, makes one call into `wayhome.kinship`, and tells the answer.

Each command has a module of its own, imported when the command runs. What a person reads goes through rich; with --json nothing
but one JSON object goes to standard output, and rich is not even imported.
"""

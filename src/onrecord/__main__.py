"""``python -m onrecord`` is the same program as ``onrecord``."""

from onrecord.cli.main import main

main()

"""``python -m onrecord`` is the same program as ``onrecord``."""

from onrecord.cli.main import main

if __name__ == "__main__":  # the tests walk through every module without running it
    main()

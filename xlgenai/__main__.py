"""Run the command line with ``python -m xlgenai``."""

from xlgenai.cli import main

if __name__ == "__main__":
    main()

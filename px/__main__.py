"""python -m px: the command line."""

from px.cli import main

if __name__ == "__main__":
    main()

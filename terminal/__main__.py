"""`python -m terminal` is `tillmate`."""

from terminal.cli import main

if __name__ == "__main__":
    main(prog_name="tillmate")

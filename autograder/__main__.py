"""`python -m autograder`, for whoever knows the interpreter and not where its commands lie."""

from autograder.cli import main

if __name__ == "__main__":
    main(prog_name="autograder")

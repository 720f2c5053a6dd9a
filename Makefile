# Everything is done by start.py, which also works where there is no make: python3 start.py --help
# shows the comments below that have two marks.
PYTHON ?= python3
ARGS ?=

.PHONY: start practice progress handin demo book setup check test proof bench clean help
.DEFAULT_GOAL := help

#: Each is called as `make NAME` or `python3 start.py NAME`; without a name, start.py starts the course.
#:
#: You learn:
start:   ## read, try and practise: the book and JupyterLab at one address
	@$(PYTHON) start.py start $(ARGS)
#:                   make start PORT=8900      start.py start --port 8900 --no-browser
practice: ## say what is right in your own practice notebook, and why the rest is not
	@$(PYTHON) start.py practice $(ARGS)
#:                   make practice EXERCISE=publication      start.py practice publication
progress: ## write an unsigned report of what you read, tried, played, answered and practised
	@$(PYTHON) start.py progress $(ARGS)
handin:  ## pack your exercise into one file for your instructor
	@$(PYTHON) start.py handin $(ARGS)
#:                   make handin EXERCISE=publication LEARNER=ada
#:                   start.py handin publication --learner ada
#:
#: You teach:
demo:    ## take an invented class through release, hand-in, grading, feedback and records
	@$(PYTHON) start.py demo $(ARGS)
book:    ## build the book into _build/html
	@$(PYTHON) start.py book $(ARGS)
#:
#: You change the course:
setup:   ## make .venv and install what constraints.txt says (--test: with the tests' tools)
	@$(PYTHON) start.py setup $(ARGS)
check:   ## style, types, imports and the fast tests: under a minute
	@$(PYTHON) start.py check $(ARGS)
test:    ## every test of behaviour, those in a real Chromium included
	@$(PYTHON) start.py test $(ARGS)
proof:   ## the long proofs
	@$(PYTHON) start.py proof $(ARGS)
bench:   ## the benchmarks, each against its peer in the same run
	@$(PYTHON) start.py bench $(ARGS)
clean:   ## delete what is generated: _build and caches; workspace, course and .venv stay
	@$(PYTHON) start.py clean $(ARGS)
help:    ## this page
	@$(PYTHON) start.py help
#:
#: With make, further words go into ARGS: make setup ARGS=--test

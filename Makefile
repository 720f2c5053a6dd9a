# Everything is done by start.py, which also works where there is no make: python3 start.py --help
PYTHON ?= python3
ARGS ?=

.PHONY: help start setup book test proof check bench demo handin clean
.DEFAULT_GOAL := help

help:    ## say what there is
	@$(PYTHON) start.py --help
start:   ## read, try and practise: the book and JupyterLab at one address (PORT=8888)
	@$(PYTHON) start.py start $(ARGS)
setup:   ## make .venv and install what constraints.txt says
	@$(PYTHON) start.py setup $(ARGS)
book:    ## build the book into _build/html
	@$(PYTHON) start.py book $(ARGS)
handin:  ## pack your exercise for your instructor (EXERCISE=, LEARNER=)
	@$(PYTHON) start.py handin $(ARGS)
check:   ## style, types, imports and fast tests, in under a minute
	@$(PYTHON) start.py check $(ARGS)
test:    ## every test of behaviour
	@$(PYTHON) start.py test $(ARGS)
proof:   ## the long proofs
	@$(PYTHON) start.py proof $(ARGS)
bench:   ## the benchmarks, each against its peer
	@$(PYTHON) start.py bench $(ARGS)
demo:    ## an invented class, from release to record
	@$(PYTHON) start.py demo $(ARGS)
clean:   ## delete what is generated; your workspace and .venv stay
	@$(PYTHON) start.py clean $(ARGS)

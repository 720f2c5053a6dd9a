"""How a cohort did: figures, three plots, a page and a paper."""

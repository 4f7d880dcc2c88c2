"""The paper: every number in it is computed by `python -m paper.build`."""

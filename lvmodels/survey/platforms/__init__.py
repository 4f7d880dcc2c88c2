"""Exports of survey platforms: recognised by their content, unpacked, and written for simulations."""

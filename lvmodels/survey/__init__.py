"""Answers and the instruments they were given to: from files and frames to checked numeric codes."""

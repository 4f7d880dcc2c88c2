"""The model: its text, the table of its parameters, the matrices they fill, their identification."""

"""What a reader sees: tables, figures, path diagrams, the HTML report."""

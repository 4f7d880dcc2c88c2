"""The objective and its minimum: discrepancy, derivatives, solver, options."""

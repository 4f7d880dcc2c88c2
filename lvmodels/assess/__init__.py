"""What follows from a fit: errors, tests, indices, residuals, effects; pure functions of a `Fit`."""

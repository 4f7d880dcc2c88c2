"""One model by several methods: what each estimates, and why they differ."""

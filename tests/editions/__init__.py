"""The editions: what each adds to the model."""

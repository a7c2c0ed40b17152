"""The vocabulary, the layout engine, and the value-chain model."""

"""The language models that can answer a prompt."""

"""A worker that answers prompts from a folder and behaves well on Kubernetes."""

__version__ = "1.0.0"

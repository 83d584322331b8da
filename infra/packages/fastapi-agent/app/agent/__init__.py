"""A FastAPI agent that behaves well on Kubernetes."""

__version__ = "1.0.0"

"""The agent's endpoints."""

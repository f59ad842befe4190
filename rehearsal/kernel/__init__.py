"""The gateway that every request passes, and what the services share."""

"""EventBridge's resource types."""

from rehearsal.cloudformation.handlers.events.destinations import ApiDestination, Connection
from rehearsal.cloudformation.handlers.events.rules import EventBus, Rule

HANDLERS = (Rule(), EventBus(), Connection(), ApiDestination())

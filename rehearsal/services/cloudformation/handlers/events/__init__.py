"""EventBridge's resource types."""

from rehearsal.services.cloudformation.handlers.events.destinations import ApiDestination, Connection
from rehearsal.services.cloudformation.handlers.events.rules import EventBus, Rule

HANDLERS = (Rule(), EventBus(), Connection(), ApiDestination())

"""Route 53's resource types."""

from rehearsal.services.cloudformation.handlers.route53.hosted_zone import HostedZone
from rehearsal.services.cloudformation.handlers.route53.record_sets import RecordSet, RecordSetGroup

HANDLERS = (HostedZone(), RecordSet(), RecordSetGroup())

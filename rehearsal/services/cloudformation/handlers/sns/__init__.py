"""Amazon SNS's resource types."""

from rehearsal.services.cloudformation.handlers.sns.policies import TopicInlinePolicy, TopicPolicy
from rehearsal.services.cloudformation.handlers.sns.topic import Subscription, Topic

HANDLERS = (Topic(), Subscription(), TopicPolicy(), TopicInlinePolicy())

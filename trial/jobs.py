"""The worker hands trials over and tells of erasures; a web process stores its counts of visits."""

from content import store
from delivery import worker
from trial import funnel
from trial.phone_system import hand_over

worker.register(hand_over.deliver_next)
worker.register(hand_over.deliver_next_notice)
store.after_each_poll(funnel.flush_visits)

"""Pages of delegations, their people, and interpreters."""

from confmgr.delegations.routes import delegations, interpreters
from confmgr.delegations.routes.blueprint import bp

__all__ = ["bp", "delegations", "interpreters"]

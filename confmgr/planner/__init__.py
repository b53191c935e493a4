"""The planner: instance in, plan out. Plain Python that knows no other room (docs/planner.md)."""

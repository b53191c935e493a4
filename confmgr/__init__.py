"""confmgr: plan, hold and follow up joint operational meetings."""

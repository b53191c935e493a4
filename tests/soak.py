"""Whether this is `bin/soak`: what a check does a few times, it does often, and with everybody."""

import os

SOAK = os.environ.get("CONFMGR_SOAK") == "1"

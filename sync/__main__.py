"""`python -m sync`: how the till starts the sync beside itself."""

import sys

from sync.cli import main

sys.exit(main())

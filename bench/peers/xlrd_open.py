# SPDX-License-Identifier: Apache-2.0
"""Only opens workbooks by xlrd, as the old pipeline did first: `xlrd_open.py SPENT FILE…`. Writes to SPENT the CPU seconds of opening
alone, without those of Python's start and the import."""
import pathlib
import sys
import time

import xlrd

begun = time.process_time()
books = [xlrd.open_workbook(path) for path in sys.argv[2:]]
pathlib.Path(sys.argv[1]).write_text(str(time.process_time() - begun))

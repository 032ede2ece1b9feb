# SPDX-License-Identifier: Apache-2.0
"""What people write today: a sheet to Parquet by polars, which reads it with fastexcel (calamine)."""
import sys

import polars

polars.read_excel(sys.argv[1]).write_parquet(sys.argv[2])

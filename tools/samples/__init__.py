# SPDX-License-Identifier: Apache-2.0
"""Makes the workbooks and pages of samples/: real codes and names, invented counts."""

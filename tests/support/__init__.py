# SPDX-License-Identifier: Apache-2.0
"""What integration tests, benchmarks and the sample run share."""

# SPDX-License-Identifier: Apache-2.0
"""The columns of the CSV; data/measured/README.md says what each holds."""
COLUMNS = ["device", "driver", "date", "group", "op", "dtype", "params", "median_ms", "gb_per_s",
           "tflops", "watts"]

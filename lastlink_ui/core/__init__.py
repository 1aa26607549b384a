"""What every package shares, without any input or output: money, periods, ids, time and errors."""

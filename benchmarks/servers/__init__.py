"""The sides: one module each, run as ``python -m benchmarks.servers.NAME``, prints its port."""

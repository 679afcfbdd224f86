"""Measures the platform against stated baselines; `make bench`, explained in docs/performance.md."""

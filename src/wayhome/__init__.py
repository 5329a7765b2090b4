"""wayhome brings trafficked children home."""

__version__ = "0.1.0"

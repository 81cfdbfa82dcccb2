"""`make bench`: every benchmark, one after another; tables under benchmarks/results/."""

from __future__ import annotations

import engine

if __name__ == "__main__":
    engine.main()

"""`make bench`: every benchmark, one after another; tables under benchmarks/results/."""

from __future__ import annotations

import engine
import page

if __name__ == "__main__":
    engine.main()
    page.main([])

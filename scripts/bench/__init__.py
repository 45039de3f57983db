"""The measurements behind docs/performance.md: ratios taken in one run, side by side, on the machine at hand."""

"""Moved: `tocsin case run CASES --labels benchmarks/labels.json`; the table of accepted causes is benchmarks/labels.json."""

import sys

from tocsin.cli.case import case

if __name__ == "__main__":
    case(["run", *sys.argv[1:], "--labels", "benchmarks/labels.json"])

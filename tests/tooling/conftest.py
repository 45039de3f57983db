"""Puts the folder of the programs that these tests look at on the import path."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

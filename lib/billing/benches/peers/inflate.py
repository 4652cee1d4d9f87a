"""Only inflates a file, by ISA-L: inflate.py FILE"""

import sys

from isal import igzip


def main(file):
    buffer = bytearray(1024 * 1024)
    with igzip.open(file, "rb") as plain:
        while plain.readinto(buffer):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Length that stands before each piece of a program's answer; 0 ends it."""

import struct

LENGTH = struct.Struct("<I")

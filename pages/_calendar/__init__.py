"""The parts of the pressure map: counting it, the picture, who gets too many, the order."""

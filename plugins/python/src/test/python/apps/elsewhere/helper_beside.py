TEXT = b"helped "

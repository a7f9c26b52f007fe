"""Stand-ins for outside systems: real sockets on 127.0.0.1, answers in the real shape, strict about their questions."""

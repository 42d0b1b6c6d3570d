"""Assistants: programs that talk, and act for somebody, over the Model Context Protocol.

Rules of this folder: an assistant is what its token says, the person's rights within the scopes of
the token, and nothing it reads changes that. Tools are made of the registry, never of what a case
says; what people wrote is handed over as data, and said to be. What is final, and what is missing,
is asked of the person, by the program they sit at; where that cannot ask, by a link to the page.
"""

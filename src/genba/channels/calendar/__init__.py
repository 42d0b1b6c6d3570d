"""What needs somebody, in the calendar and the to-do list they have anyway.

Rules of this folder: a card becomes an entry by a pure function (`entries`), a tick becomes an
`Inbound` like any other message (`ticking`). Due dates can be subscribed to by a secret address
(`feed`, read only); a to-do list is kept over CalDAV (`dav`, RFC 4791).
"""

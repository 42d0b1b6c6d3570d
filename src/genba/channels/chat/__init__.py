"""What all chat systems share: whose account an identity is, what is written, what is answered.

Rule of this package: no vendor is known here by name. A vendor's folder renders and reads; what is
heard goes through `hearing` to the one inbound path, and what is answered is text and a card.
"""

"""Pages of help as a browser asks for them."""

from tests.web.conftest import browse

__all__ = ["browse"]

"""A call that cannot be written for some data is no call to somewhere else."""

import pytest

from genba.engine.calling import Call, Unfilled, fill
from genba.expressions import Compiled, compile_expression


def feel(text: str) -> Compiled:
    compiled = compile_expression(text)
    assert isinstance(compiled, Compiled)
    return compiled


def test_an_expression_that_fails_is_no_call() -> None:
    call = Call(method="GET", url=("https://shop.example.com/orders/", feel("n + 1")))
    with pytest.raises(Unfilled, match="n \\+ 1"):
        fill(call, {"n": "x"}, {})
    assert fill(call, {"n": 1}, {}).url == "https://shop.example.com/orders/2"


def test_a_body_that_fails_is_no_call_and_what_is_missing_is_empty() -> None:
    call = Call(
        method="POST", url=("https://shop.example.com/",), formula=feel("{total: n * 2}.total")
    )
    with pytest.raises(Unfilled):
        fill(call, {"n": "x"}, {})
    assert fill(call, {}, {}).body == b"null"

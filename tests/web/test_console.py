"""Whatever a browser complains of fails its test: here is what that listening hears."""

import pytest
from playwright.sync_api import Page

from tests.support.console import Console
from tests.support.server import Server

INLINE = "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
RAISED = "setTimeout(() => { throw new Error('of ours') })"


@pytest.mark.parametrize(
    ("script", "complaint"),
    [(INLINE, "Content Security Policy"), (RAISED, "of ours"), ("console.error('loud')", "loud")],
)
def test_what_a_page_complains_of_is_heard(
    server: Server, page: Page, console: Console, script: str, complaint: str
) -> None:
    page.goto(f"{server.origin}/entrar")
    assert console.complaints == []
    page.evaluate(script)
    page.wait_for_function("() => new Promise(done => setTimeout(done, 0)).then(() => true)")
    assert [complaint in said for said in console.complaints] == [True]
    assert page.evaluate("'ran' in window") is False
    console.provoke(complaint)
    assert console.complaints == []

"""The page "Página pública": what a creator changes there is what everybody sees."""

import io
import json
import re
from urllib.parse import unquote

import httpx
import pytest
from PIL import Image
from playwright.sync_api import ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.shop import PASSWORD, Shop
from tests.support.screens import WIDE, on_both_screens
from tests.support.signed_in import session_of
from tests.web.accessibility import violations_in_every_look

_PREVIEW = "Como fica na sua página"


@pytest.fixture
def screen() -> ViewportSize:
    return WIDE


@pytest.fixture
def ana(new_context: CreateContextCallback, shop: Shop, screen: ViewportSize) -> Creator:
    return Creator.signed_in(new_context, shop, "/planos", screen)


def _photo() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(made, "JPEG")
    return made.getvalue()


@on_both_screens
def test_a_creator_makes_the_page_the_own(ana: Creator) -> None:
    page, shop = ana.page, ana.shop
    ana.goto("/pagina")
    preview = page.get_by_role("region", name=_PREVIEW)
    expect(preview.get_by_text(f"@{shop.handle}")).to_be_visible()

    # What is typed shows at once in the preview, and on the page once it is saved.
    page.get_by_label("Nome").fill("Ana <b>Lima</b> 🙂")
    page.get_by_label("Texto").fill("Receitas toda semana.")
    page.get_by_label("Cor").fill("#ffe14d")
    expect(preview.get_by_text("Ana <b>Lima</b> 🙂")).to_be_visible()
    expect(preview.get_by_text("Receitas toda semana.")).to_be_visible()
    page.get_by_role("button", name="Salvar página").click()
    expect(page.get_by_text("Página salva.")).to_be_visible()

    # No photo, then a photo.
    photo = page.get_by_label("Foto da página")
    photo.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<script>"})
    page.get_by_role("button", name="Enviar foto").click()
    expect(page.get_by_text("Este arquivo não é uma foto")).to_be_visible()
    photo.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _photo()})
    page.get_by_role("button", name="Enviar foto").click()
    expect(page.get_by_text("Foto salva.")).to_be_visible()
    assert violations_in_every_look(page) == []

    # Another address: refused ones keep what was typed, the old one leads to the new one.
    address = page.get_by_label("Novo endereço")
    address.fill("anademo")
    page.get_by_role("button", name="Mudar endereço").click()
    expect(page.get_by_text("Esse endereço não está disponível")).to_be_visible()
    expect(address).to_have_value("anademo")
    moved = f"{shop.handle}.nova"
    address.fill(f"@{moved.upper()}")
    page.get_by_role("button", name="Mudar endereço").click()
    expect(page.get_by_text("Endereço mudado")).to_be_visible()
    expect(page.get_by_text(f"{shop.server.origin}/{moved}", exact=True)).to_be_visible()

    page.goto(shop.address)
    expect(page).to_have_url(f"{shop.server.origin}/{moved}")
    expect(page.get_by_role("heading", name="Ana <b>Lima</b> 🙂")).to_be_visible()

    # And what search engines and link previews are told.
    html = httpx.get(f"{shop.server.origin}/{moved}").text
    told = [
        json.loads(each) for each in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    ]
    assert [each["offers"]["price"] for each in told] == ["29.90", "79.90", "249.00"]
    assert told[0]["brand"]["name"] == "Ana <b>Lima</b> 🙂"
    (picture,) = set(re.findall(r'(?:og|twitter):image" content="([^"]+)"', html))
    answer = httpx.get(picture)
    assert answer.headers["content-type"] == "image/jpeg"
    assert httpx.get(picture.replace(".jpg", ".webp")).headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    assert told[0]["image"] == picture
    assert f"<loc>{shop.server.origin}/{moved}</loc>" in httpx.get(f"{shop.server.origin}/sitemap.xml").text


@on_both_screens
def test_the_link_is_copied_and_passed_on(ana: Creator) -> None:
    page = ana.goto("/pagina")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ana.shop.server.origin)
    page.get_by_role("button", name="Copiar link").click()
    expect(page.get_by_role("status").filter(has_text="Copiado")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == ana.shop.address
    for button, place in (("WhatsApp", "https://wa.me/"), ("Telegram", "https://t.me/share/url")):
        address = page.get_by_role("link", name=button).get_attribute("href") or ""
        assert address.startswith(place)
        assert ana.shop.address in unquote(address)


@on_both_screens
def test_the_code_leads_to_the_page(ana: Creator) -> None:
    ana.goto("/pagina")
    code = ana.page.get_by_role("img", name="Código QR do seu link")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.complete && image.naturalWidth > 0")
    for kind in ("SVG", "PNG"):
        with ana.page.expect_download() as download:
            ana.page.get_by_role("link", name=f"Baixar {kind}").click()
        assert download.value.suggested_filename == f"qr-{ana.shop.handle}.{kind.lower()}"


@pytest.mark.parametrize(
    ("origin", "status"), [("https://evil.example", 403), (None, 403), ("own", 303)], ids=str
)
def test_a_photo_is_taken_from_our_own_page_alone(shop: Shop, origin: str | None, status: int) -> None:
    token = session_of(shop.server.origin, shop.email, PASSWORD)
    headers = {"cookie": f"__Host-lastlink={token}"}
    if origin:
        headers["origin"] = shop.server.origin if origin == "own" else origin
    upload = f"{shop.server.origin}/pagina/foto"
    files = {"foto": ("a.jpg", _photo(), "image/jpeg")}
    assert httpx.post(upload, files=files, headers=headers).status_code == status
    # Nobody's session, no picture; a file beyond the limit is not read.
    nobody = httpx.post(upload, files=files, headers={"origin": shop.server.origin})
    assert nobody.headers["location"] == "/entrar"
    if status == 303:
        big = {"foto": ("a.jpg", bytes(6 * 1024 * 1024), "image/jpeg")}
        answer = httpx.post(upload, files=big, headers=headers)
        assert answer.headers["location"] == "/pagina?foto=too_large"

# SPDX-License-Identifier: Apache-2.0
"""Blocks by forms of their schemas; secrets only go to the server."""
from support.browser import NARROW
from support.server_pages import HOSTILE, SECRET, choose, fill, tab_to, unexpected


def test_blocks_are_made_and_edited_by_keyboard_and_secrets_never_come_back(seeded, page):
    page.open(seeded.root + "/blocks")
    assert HOSTILE in page.text(".kinds")
    tab_to(page, "own.getAttribute('href') === '/blocks/new/keys'")
    page.press("Enter")
    page.until("document.activeElement.id === 'block-name'")
    page.type("etl-keys")
    page.press("Tab")
    page.press("Tab")
    page.type(SECRET)
    page.press("Enter")
    page.until("document.activeElement.name === 'user'")
    assert "must be given" in page.text("#block-form") and page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    page.type("someone")
    page.press("Enter")
    page.until("location.pathname !== '/blocks/new/keys'")
    page.settled()
    assert seeded.block("keys/etl-keys")["data"] == {"user": "someone", "word": SECRET}
    assert SECRET not in page.evaluate("document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((own) => own.value).join(' ')")
    fill(page, "[name=user]", "another")
    page.press("Enter")
    page.until("document.getElementById('said').innerText.includes('saved')")
    assert seeded.block("keys/etl-keys")["data"] == {"user": "another", "word": SECRET}, "an empty secret stays what it was"
    page.settled()  # the form is drawn anew after it has said so
    fill(page, "[name=word]", "fresh")
    page.press("Enter")
    page.until("document.querySelector('[name=word]').value === ''")
    assert seeded.block("keys/etl-keys")["data"]["word"] == "fresh"
    assert not unexpected(page)


def test_a_block_in_a_block_is_chosen_by_name_on_a_phone(seeded, phone):
    phone.open(seeded.root + "/blocks/new/bucket")
    assert "No block of type keys yet" in phone.text("[name=keys]")
    phone.open(seeded.root + "/blocks/new/keys")
    fill(phone, "#block-name", "mine")
    fill(phone, "[name=user]", "u")
    phone.click("#save-block")
    phone.until("location.pathname !== '/blocks/new/keys'")
    phone.open(seeded.root + "/blocks/new/bucket")
    assert HOSTILE in phone.text("#block-form")
    fill(phone, "#block-name", "store")
    fill(phone, "[name=bucket]", HOSTILE)
    choose(phone, "[name=keys]", "mine")
    fill(phone, "[name=timeout]", "2.5")
    fill(phone, "[name=token]", SECRET)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    phone.click("#save-block")
    phone.until("location.pathname !== '/blocks/new/bucket'")
    phone.settled()
    data = seeded.block("bucket/store")["data"]
    assert data == {"bucket": HOSTILE, "keys": {"user": "u"}, "options": {"timeout": 2.5, "token": SECRET}}
    assert phone.evaluate("document.querySelector('[name=keys]').selectedOptions[0].text") == "mine"
    fill(phone, "[name=timeout]", "")
    phone.click("#save-block")
    phone.until("document.getElementById('said').innerText.includes('saved')")
    assert seeded.block("bucket/store")["data"] == {"bucket": HOSTILE, "keys": {"user": "u"}, "options": {"token": SECRET}}
    phone.click("#delete")
    phone.click("#dialog [value=yes]")
    phone.until("location.pathname === '/blocks'")
    assert not unexpected(phone)

"""A form of a page filled in again: what it holds, what it says of what was wrong, and what it has no room for."""

from lxml import html

from admin.web.form_filling import Said, Sent, filled, held_form, shown_apart

PAGE = """<!doctype html><html><body><main id="main"><h1>x</h1>
<form method="post" action="/plan/1/text"><input type="hidden" name="step" value="1">
<textarea name="text">ก</textarea></form>
<details><form method="post" action="/plan/1/text"><input type="hidden" name="step" value="2">
<div class="field"><label for="t">t</label><textarea name="text" id="t" aria-describedby="t-help">ข</textarea></div>
<select name="mode"><option value="each" selected>a</option><option>jointly</option></select>
<input type="checkbox" name="unit" value="1" checked><input type="checkbox" name="unit" value="2">
<input name="who" value=""><input name="who" value=""><input type="password" name="password"></form></details>
</main></body></html>"""
SENT = Sent(
    "/plan/1/text",
    (
        ("step", "2"),
        ("text", "\nสอง\nบรรทัด"),
        ("mode", "jointly"),
        ("unit", "2"),
        ("who", "ก"),
        ("who", "ข"),
        ("who", "ค"),
    ),
)


def form_of(page: str | None) -> html.HtmlElement:
    assert page is not None
    return html.fromstring(page).xpath("//form[input/@value='2']")[0]


def test_the_form_that_names_the_same_thing_is_filled_whatever_it_held() -> None:
    form = form_of(filled(PAGE, "/plan/1/", SENT, Said(["ยังอยู่ครบ"])))
    assert dict(form.form_values())["mode"] == "jointly"
    assert [value for name, value in form.form_values() if name == "unit"] == ["2"]
    assert form.xpath(".//textarea[@name='text']")[0].value.removeprefix("\n") == "\nสอง\nบรรทัด"
    assert "ยังอยู่ครบ" in form.xpath(".//*[@role='status']")[0].text_content()
    assert form.getparent().get("open") is not None
    assert "ก</textarea>" in str(filled(PAGE, "/plan/1/", SENT, Said()))


def test_words_for_which_there_is_no_field_stand_beside_it() -> None:
    form = form_of(filled(PAGE, "/plan/1/", SENT, Said(heading="ที่พิมพ์ไว้")))
    assert [one.text for one in form.xpath(".//textarea[@readonly]")] == ["ค"]


def test_an_error_is_said_beside_its_field_and_tied_to_it() -> None:
    form = form_of(filled(PAGE, "/plan/1/", SENT, Said(errors={"text": "ยาวเกินไป"})))
    field = form.xpath(".//textarea[@name='text']")[0]
    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "t-help t-error")
    assert form.get_element_by_id("t-error").text == "ยาวเกินไป"
    assert field.get("autofocus") is not None


def test_where_the_form_is_gone_the_words_can_be_copied() -> None:
    elsewhere = Sent("/plan/9/text", SENT.values)
    assert filled(PAGE, "/plan/1/", elsewhere, Said()) is None
    page = html.fromstring(shown_apart(PAGE, "ที่พิมพ์ไว้", ["<b>สอง"]))
    assert page.xpath("//section[@id='typed']/textarea")[0].text == "<b>สอง"


def test_an_answer_with_its_form_leads_where_it_led_and_shows_no_secret() -> None:
    page = PAGE.replace(' action="/plan/1/text"', "").replace('name="password"', 'name="password" value="hush"')
    main = held_form(page, SENT, {})
    assert main is not None
    assert "hush" not in main
    assert [one.get("action") for one in html.fromstring(main).iter("form")] == ["/plan/1/text"] * 2
    assert held_form("<main><p>x</p></main>", SENT) is None


def test_what_a_refused_page_changed_is_as_it_was_typed_but_what_it_received_stays() -> None:
    page = PAGE.replace("</form></details>", '<input type="checkbox" name="kept" value="ภาพ" checked></form></details>')
    refused = form_of(held_form(page, SENT, {}))
    assert refused.xpath(".//textarea[@name='text']")[0].value.removeprefix("\n") == "\nสอง\nบรรทัด"
    assert refused.xpath(".//input[@name='kept']")[0].checked
    asked = form_of(held_form(page, SENT))
    assert asked.xpath(".//textarea[@name='text']")[0].value == "ข"

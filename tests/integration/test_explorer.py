# SPDX-License-Identifier: Apache-2.0
"""The explorer in a real browser, over the samples' two versions: wide, narrow, and by keyboard alone."""
import re
import urllib.parse

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support import sites, tidemill
from support.browser import NARROW
from support.publisher import Publisher

STOCKPORT, SALFORD = "E08000007", "E08000006"
DATASET = "/explore/deaths_monthly"
DATA = "/v1/datasets/deaths_monthly"


@pytest.fixture(scope="module")
def service(program, tmp_path_factory):
    store = tmp_path_factory.mktemp("explorer") / "store"
    for state in ("state-1", "state-2"):
        with Publisher(sites.SAMPLES, state) as publisher:
            tidemill.assert_done(tidemill.flow("run", store, publisher))
    with tidemill.Service(store) as running:
        yield running


def has(service, path):
    return service.get(path)[0] == 200


def query_of(page):
    return urllib.parse.urlsplit(page.address()).query


def unexpected(page):
    """What the browser complained of, but for answers that tell of what is not there."""
    return [text for text in page.complaints() if "status of 40" not in text]


def shown_values(page):
    return [int(text.replace(",", "")) for text in page.texts("#rows tbody td.number a")]


def test_a_dataset_is_found_by_words_and_opened(service, page):
    page.open(service.root + "/explore")
    page.evaluate("document.getElementById('words').focus()")
    page.type("nothing of the kind")
    assert page.texts("#cards li") == [] and "No dataset has" in page.text("#state")
    page.open(service.root + "/explore?q=registered+england")
    assert page.evaluate("document.getElementById('words').value") == "registered england"
    page.click("#cards a")
    page.until("document.getElementById('title').textContent.startsWith('Deaths registered')")
    assert not unexpected(page)


def test_shows_the_rows_and_values_that_the_api_answers(service, page):
    query = f"geo_code={STOCKPORT}&period__gte=2019-01&sort=-deaths"
    page.open(f"{service.root}{DATASET}?{query}")
    answer = service.json(f"{DATA}/data.json?{query}&limit=25")
    assert shown_values(page) == [row["deaths"] for row in answer["data"]]
    assert page.text("#total") == f"{answer['total']} rows"
    assert page.texts("#chips li")[:2] == ["Area: Stockport×", "Period from Jan 2019×"]
    assert "provisional" in page.texts("#rows td.status")
    assert page.evaluate("document.querySelector('th[aria-sort]').getAttribute('aria-sort')") == "descending"
    assert not unexpected(page)


def test_filters_by_keyboard_alone_and_the_back_button_undoes_it(service, page):
    page.open(service.root + DATASET)
    rows = page.text("#total")
    page.evaluate("document.querySelector('.facet input[type=search]').focus()")
    page.type("stockp")
    page.until("document.querySelectorAll('.options label').length === 1")
    page.press("Tab")
    page.until("document.activeElement.type === 'checkbox'")
    page.press(" ")
    page.until("location.search !== ''")
    page.settled()
    assert query_of(page) == f"geo_code={STOCKPORT}"
    assert page.evaluate("document.activeElement.value") == STOCKPORT, "the focus stays on the code"
    assert page.texts("#chips li") == ["Area: Stockport×"]
    assert page.evaluate("document.querySelector('#chart svg').getAttribute('aria-label')").startswith("Line chart of Deaths, Stockport")
    page.back()
    assert query_of(page) == "" and page.text("#total") == rows
    assert page.evaluate("document.querySelector('.options input').checked") is False


def test_what_is_chosen_stands_above_the_codes_and_is_unticked_there(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT}#find_geo_code=Salford")
    assert page.texts(".picked label") == [f"Stockport{STOCKPORT}"] and page.evaluate("document.querySelector('.picked input').checked")
    page.click(".picked input")
    page.until("location.search === ''")
    page.settled()
    assert page.texts(".picked label") == [] and page.texts(".options label small") == [SALFORD]


def test_an_unknown_dataset_leads_to_those_that_are_there(service, page):
    page.open(service.root + "/explore/nothing")
    assert "there is no dataset 'nothing'" in page.text("[role=alert]")
    page.click(".ways a")
    page.until("location.pathname === '/explore'")


def test_the_focus_stays_where_filters_are_removed(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT},{SALFORD}&year=2021")
    page.evaluate("document.querySelectorAll('#chips a')[1].focus()")
    page.press("Enter")
    page.until(f"location.search === '?geo_code={STOCKPORT}&year=2021'")
    page.settled()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove the filter Year: 2021"


def test_counts_of_codes_are_those_under_the_other_filters(service, page):
    page.open(f"{service.root}{DATASET}?year=2017#find_geo_code=Stockport")
    assert page.texts(".options .count") == ["12"]


def test_areas_are_compared_as_lines_that_differ_by_more_than_colour(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT},{SALFORD}")
    assert sorted(page.texts(".legend li")) == ["Salford", "Stockport"]
    dashes = "[...document.querySelectorAll('.plot > svg .line')].map((own) => getComputedStyle(own).strokeDasharray)"
    assert len(set(page.evaluate(dashes))) == 2
    marks = page.evaluate("[...document.querySelectorAll('.legend .mark')].map((own) => own.getAttribute('d'))")
    assert len(set(marks)) == 2


def test_the_chart_is_read_with_the_arrow_keys(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT}&year=2019")
    values = service.json(f"{DATA}/data.json?geo_code={STOCKPORT}&year=2019&select=deaths")["data"]
    page.evaluate("document.querySelector('#chart svg').focus()")
    page.press("End")
    assert page.text(".reading") == f"Dec 2019: Stockport {values[11]['deaths']} (provisional)"
    page.press("ArrowLeft")
    assert page.text(".reading") == f"Nov 2019: Stockport {values[10]['deaths']} (provisional)"


def test_many_series_are_ranked_in_the_newest_period(service, page):
    page.open(f"{service.root}{DATASET}?geo_type=lad")
    answer = service.json(f"{DATA}/data.json?geo_type=lad&period=2022-09&sort=-deaths&limit=24")
    assert page.texts(".plot .figure") == [f"{row['deaths']:,}" for row in answer["data"]]
    assert f"The highest 24 of {answer['total']} rows in Sep 2022." in page.text("#chart")
    page.click("#views a")
    assert "8 of" in page.text("#chart") and page.address().endswith("#chart=lines")


def test_groups_are_shown_as_the_api_answers_them(service, page):
    query = "geo_type=lad&geo_code__startswith=E&group=year&agg=sum(deaths)"
    page.open(f"{service.root}{DATASET}?{query}")
    rows = service.json(f"{DATA}/data.json?{query}")["data"]
    assert page.texts("#rows td:nth-child(1)") == [str(row["year"]) for row in rows]
    assert page.texts("#rows td:nth-child(2)") == [f"{row['sum_deaths']:,}" for row in rows]
    assert page.evaluate("!!document.querySelector('#chart .line')")


def test_walks_through_the_rows_page_by_page(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT}")
    rows = service.json(f"{DATA}/data.json?geo_code={STOCKPORT}&select=deaths")["data"]
    first = shown_values(page)
    page.click("#table-links a[rel=next]")
    assert first + shown_values(page) == [row["deaths"] for row in rows][:50]
    page.back()
    assert shown_values(page) == first


def test_a_mistyped_code_leads_to_the_nearest(service, page):
    page.open(f"{service.root}{DATASET}?geo_code=E0800007,{SALFORD}")
    assert "no code of geo_code" in page.text("#problem")
    assert page.evaluate("document.getElementById('result').hidden")
    page.click("#problem .chips a")
    assert query_of(page) == f"geo_code={STOCKPORT},{SALFORD}"
    assert page.text("#problem") == "" and shown_values(page)


def test_says_what_is_not_there(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT}&period__lte=2016-12")
    assert "No row fits these filters" in page.text("#rows")
    page.open(f"{service.root}/explore/deaths_monthli")
    assert "not found" in page.text("#problem")
    assert page.evaluate("document.querySelector('#problem .chips a').getAttribute('href')") == DATASET


def test_a_value_says_where_it_comes_from(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT}&year=2021")
    value = shown_values(page)[2]
    page.evaluate("document.querySelectorAll('#rows a.value')[2].focus()")
    page.press("Enter")
    page.until("document.getElementById('lineage').open && !!document.querySelector('#lineage .figure')")
    assert "cell=M.E08000007.2021-03" in page.address()
    told = page.text("#lineage")
    assert str(value) in told and "Stockport" in told and "Mar 2021" in told
    if has(service, f"{DATA}/observations/M.{STOCKPORT}.2021-03/lineage"):
        source = service.json(f"{DATA}/observations/M.{STOCKPORT}.2021-03/lineage")
        assert source["cell"]["ref"] in told and source["source"]["sha256"] in told
    page.press("Escape")
    page.until("!document.getElementById('lineage').open && !location.hash.includes('cell')")
    assert page.evaluate("document.activeElement.textContent") == str(value), "the focus is back on the number"


def test_the_query_is_copied_for_other_programs(service, page):
    query = f"geo_code={STOCKPORT}&year=2021"
    page.open(f"{service.root}{DATASET}?{query}")
    page.click("#copy summary")
    url = f"{service.root}{DATA}/data.csv?{query}"
    snippets = dict(zip(page.texts(".snippet h3"), page.texts(".snippet code"), strict=True))
    assert snippets["URL"] == url
    assert snippets["curl"] == f"curl -o deaths_monthly.csv '{url}'"
    assert [name for name, text in snippets.items() if url in text] == ["URL", "curl", "Python", "R", "DuckDB"]
    for link in page.evaluate("[...document.querySelectorAll('#downloads a')].map((own) => own.getAttribute('href'))"):
        assert has(service, link.removeprefix(service.root)), link
    page.click(".snippet button")
    assert re.search("Copied|Selected", page.text(".snippet"))


def test_a_chart_stands_alone_for_other_pages(service, page):
    page.open(f"{service.root}/embed/chart?dataset=deaths_monthly&geo_code={STOCKPORT}&vintage=1#chart=bars")
    assert page.evaluate("document.querySelector('#chart svg').getAttribute('aria-label')").startswith("Bar chart of Deaths, Stockport")
    assert "Office for National Statistics" in page.text("#source") and "version 1" in page.text("#source")
    assert page.evaluate("document.querySelector('#source a').getAttribute('href')").startswith(f"{DATASET}?geo_code={STOCKPORT}")
    assert service.get("/embed/chart")[1]["Content-Security-Policy"].endswith("frame-ancestors *")
    assert service.get("/explore")[1]["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert not unexpected(page)


def test_versions_are_compared(service, page):
    if not has(service, f"{DATA}/vintages"):
        pytest.skip("the service keeps no list of versions")
    page.open(f"{service.root}{DATASET}?geo_type=lad&period=2022-06#against=0")
    assert page.text("#rows thead").count("Change") == 1
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT}&year=2022#against=0")
    assert page.evaluate("!!document.querySelector('#chart .line.before')")
    assert "not there" in page.text("#rows"), "July came with the second version"
    page.click(".versions input[type=checkbox]")
    assert query_of(page) == f"geo_code={STOCKPORT}&year=2022&vintages=all"
    assert "Published from" in page.texts("#rows th") and "2022-10-20" in page.text("#rows")


def test_fits_a_phone_in_the_dark(service, phone):
    phone.open(f"{service.root}{DATASET}?geo_code={STOCKPORT},{SALFORD}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert phone.evaluate("document.querySelector('#chart svg').getBoundingClientRect().width") <= NARROW[0]
    assert phone.evaluate("document.getElementById('filters').open") is False
    assert phone.text("#filters-summary") == "Filters (1 set)"
    phone.click("#filters-summary")
    assert phone.evaluate("document.querySelector('.options input').offsetParent !== null")
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 25, 28)"
    phone.open(service.root + "/explore")
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert not unexpected(phone)


def test_a_file_of_others_is_explored_with_all_its_dimensions_and_measures(page, tmp_path):
    keys = [(fruit, sex, f"{year}-Q{quarter}") for fruit in ("apples", "pears, green") for sex in "FM"
            for year in (2022, 2023) for quarter in (1, 2, 3, 4)]
    fruit, sex, period = zip(*keys, strict=True)
    table = pa.table({"fruit": fruit, "sex": sex, "period": period, "crop": list(range(len(keys))),
                      "price": [None, *(index / 4 for index in range(1, len(keys)))]})
    pq.write_table(table, tmp_path / "market.parquet")
    with tidemill.Service(tmp_path / "market.parquet") as service:
        page.open(service.root + "/explore/market?sex=F#show=price")
        assert page.texts("#facets legend")[:3] == ["Fruit", "Sex", "Period"]
        assert page.text("#chart h2") == "Price" and page.texts(".legend li") == ["apples", "pears, green"]
        assert page.texts("#rows tbody tr:first-child td") == ["apples", "F", "Q1 2022", "0", "blank in the source"]
        assert page.texts("#chart .tick text") == ["2022", "Q2", "Q3", "Q4", "2023", "Q2", "Q3", "Q4"]
        page.click(".options input[value^=pears]")
        assert query_of(page) == "sex=F&fruit=pears%5C,%20green", "a comma within a code is no comma between codes"
        assert page.text("#total") == "8 rows"
        page.click("#rows a.value")
        assert "carries no lineage" in page.text("#lineage") or not has(service, "/v1/datasets/market/vintages")
        assert not unexpected(page)


def test_says_when_the_service_is_away(service, page):
    page.open(f"{service.root}{DATASET}?geo_code={STOCKPORT}")
    page.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    page.click("#chips a")
    assert "cannot be reached" in page.text("#problem")
    assert query_of(page) == "", "the address keeps what was asked for"

"""Where a document comes from, and what follows: its currency, the order of its dates."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sheaf.capture.normalise.labels import folded

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Country(NamedTuple):
    currency: str
    calling_code: str
    names: str


# ISO 3166-1 → ISO 4217, ITU-T E.164 calling code, names as they are printed in addresses.
_COUNTRIES = {
    "AE": _Country("AED", "971", "united arab emirates|dubai|u\\.?a\\.?e"),
    "AT": _Country("EUR", "43", "austria|osterreich"),
    "AU": _Country(
        "AUD", "61", "australia|eftpos|(?:nsw|vic|qld|tas) \\d{4}|pty\\.? ltd|abn:? ?\\d{2} ?\\d{3}"
    ),
    "BE": _Country("EUR", "32", "belgium|belgique|belgie"),
    "BR": _Country("BRL", "55", "brazil|brasil"),
    "CA": _Country(
        "CAD", "",
        "canada|[a-z]\\d[a-z] \\d[a-z]\\d|ontario|quebec|british columbia|alberta|gst/hst|hst"
        "|\\d{9} ?rt ?\\d{4}",
    ),
    "CH": _Country("CHF", "41", "switzerland|schweiz|suisse|svizzera"),
    "CN": _Country("CNY", "86", "china"),
    "CZ": _Country("CZK", "420", "czech republic|czechia|ceska republika"),
    "DE": _Country("EUR", "49", "germany|deutschland|allemagne|amtsgericht|steuernummer"),
    "DK": _Country("DKK", "45", "denmark|danmark"),
    "ES": _Country("EUR", "34", "spain|espana"),
    "FI": _Country("EUR", "358", "finland|suomi"),
    "FR": _Country("EUR", "33", "france|frankreich|siret|rcs"),
    "GB": _Country(
        "GBP", "44", "united kingdom|england|scotland|great britain|[a-z]{1,2}\\d[a-z\\d]? \\d[a-z]{2}"
    ),
    "HK": _Country("HKD", "852", "hong kong"),
    "HU": _Country("HUF", "36", "hungary|magyarorszag"),
    "ID": _Country("IDR", "62", "indonesia"),
    "IE": _Country("EUR", "353", "ireland"),
    "IL": _Country("ILS", "972", "israel"),
    "IN": _Country("INR", "91", "india|gstin|maharashtra|karnataka"),
    "IT": _Country("EUR", "39", "italy|italia|partita iva"),
    "JP": _Country("JPY", "81", "japan"),
    "LU": _Country("EUR", "352", "luxembourg|luxemburg"),
    "MA": _Country("MAD", "212", "morocco|maroc|casablanca|rabat"),
    "MX": _Country("MXN", "52", "mexico"),
    "MY": _Country(
        "MYR", "60",
        "malaysia|selangor|kuala lumpur|johor|penang|perak|shah alam|petaling jaya|wilayah persekutuan"
        "|sdn\\.? ?bhd|jalan|jln|taman|tmn",
    ),
    "NL": _Country("EUR", "31", "netherlands|nederland|pays-bas|niederlande|kvk"),
    "NO": _Country("NOK", "47", "norway|norge|orgnr"),
    "NZ": _Country("NZD", "64", "new zealand"),
    "PH": _Country("PHP", "63", "philippines|manila"),
    "PL": _Country("PLN", "48", "poland|polska"),
    "PT": _Country("EUR", "351", "portugal"),
    "RO": _Country("RON", "40", "romania"),
    "SE": _Country("SEK", "46", "sweden|sverige"),
    "SG": _Country("SGD", "65", "singapore"),
    "TH": _Country("THB", "66", "thailand"),
    "TN": _Country("TND", "216", "tunisia|tunisie"),
    "TR": _Country("TRY", "90", "turkey|turkiye"),
    "US": _Country("USD", "", "united states|u\\.?s\\.?a|gallons?|zip code"),
    "ZA": _Country("ZAR", "27", "south africa"),
}  # fmt: skip
_US_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH"
    "|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_US_ADDRESS = re.compile(rf"\b(?:{_US_STATES})[.,]?\s+\d{{5}}(?:-\d{{4}})?\b")
_US_PHONE = re.compile(r"(?<!\d)\(?[2-9]\d{2}\)?[ .-]{1,3}[2-9]\d{2}[ .-]\d{4}(?!\d)")
_NAMES = {code: re.compile(rf"\b(?:{country.names})\b") for code, country in _COUNTRIES.items()}
_ANY_NAME = re.compile(rf"\b(?:{'|'.join(country.names for country in _COUNTRIES.values())})\b")
_DOMAIN = re.compile(r"(?:@|www\.)[\w.-]+\.([a-z]{2})\b", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|\b00)\s?(\d[\d ()./-]{6,})")
_TAX_PREFIX = re.compile(r"\b([A-Z]{2})[ .]?(?:U\d{8}|\d[\d .]{6,12}\d|[A-Z0-9]\d{7}[A-Z0-9])\b")
_LANGUAGES = {
    "de": "rechnung|betrag|datum|mwst|ust|summe|zahlbar|kunde|menge|steuer|lieferung|bank|gesamt|und|der",
    "fr": "facture|montant|tva|client|echeance|adresse|quantite|designation|prix|reglement|ttc|ht|du|des",
    "es": "factura|fecha|cliente|importe|iva|cantidad|precio|direccion|vencimiento|del",
    "it": "fattura|data|cliente|importo|quantita|prezzo|imponibile|pagamento|scadenza|della|partita",
    "nl": "factuur|bedrag|btw|datum|klant|aantal|prijs|totaal|vervaldatum|betaling|van|het",
    "pt": "fatura|factura|data|cliente|valor|quantidade|preco|vencimento|contribuinte|da",
    "pl": "faktura|kwota|data|nabywca|sprzedawca|ilosc|cena|wartosc|razem|termin",
    "sv": "faktura|belopp|moms|kund|antal|pris|summa|forfallodatum|att|betala",
    "da": "faktura|belob|moms|kunde|antal|pris|dato|betaling|forfaldsdato",
    "en": "invoice|amount|date|total|due|customer|quantity|price|receipt|tax|payment|bill|the|to|of",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _LANGUAGES.items():
    for _word in _words.split("|"):
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
_WORD = re.compile(r"\w+")
_LANGUAGE_NEEDS = 3
# ISO 3166-1 codes of places that write the month first; Canada and the Philippines write both.
_MONTH_FIRST = frozenset(("US",))
_EITHER_ORDER = frozenset(("CA", "PH"))


def country_of(texts: Iterable[str]) -> str | None:
    """The country most of the evidence names: addresses, phone numbers, tax numbers."""
    votes: Counter[str] = Counter()
    for text in texts:
        plain = folded(text)
        if _ANY_NAME.search(plain):
            votes.update(code for code, names in _NAMES.items() if names.search(plain))
        votes["US"] += 2 * bool(_US_ADDRESS.search(text)) + bool(_US_PHONE.search(text))
        votes.update(_of_domain(domain) for domain in _DOMAIN.findall(text))
        for prefix in _TAX_PREFIX.findall(text):
            votes[prefix] += 2 * (prefix in _COUNTRIES)
        for number in _PHONE.findall(text):
            votes.update(_called(number))
    found, count = max(votes.items(), key=lambda vote: (vote[0] in _COUNTRIES, vote[1]), default=("", 0))
    return found if count and found in _COUNTRIES else None


def _of_domain(domain: str) -> str:
    """ISO 3166-1 of a country's top-level domain; the one of Great Britain is an exception."""
    return "GB" if domain.lower() == "uk" else domain.upper()


def language_of(texts: Iterable[str]) -> str | None:
    words = Counter[str]()
    for text in texts:
        for word in _WORD.findall(folded(text)):
            words.update(_LANGUAGES_OF.get(word, ()))
    found, count = max(words.items(), key=lambda vote: vote[1], default=("", 0))
    return found if count >= _LANGUAGE_NEEDS else None


def currency_of_country(country: str | None) -> str | None:
    return _COUNTRIES[country].currency if country in _COUNTRIES else None


def writes_day_first(country: str | None, language: str | None, currency: str | None) -> bool | None:
    """None when the place is not known or writes both orders."""
    if language not in ("en", None):
        return True
    if country in _EITHER_ORDER:
        return None
    if country is not None:
        return country not in _MONTH_FIRST
    return True if currency not in ("USD", "CAD", "PHP", None) else None


def _called(number: str) -> list[str]:
    digits = re.sub(r"\D", "", number)
    return [
        code
        for code, country in _COUNTRIES.items()
        if country.calling_code and digits.startswith(country.calling_code)
    ]

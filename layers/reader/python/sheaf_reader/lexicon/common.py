"""What needs no language: currency marks, the names of months, what companies call their legal form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CURRENCY_MARKS = {
    "€": "EUR", "EUR": "EUR", "EURO": "EUR", "EUROS": "EUR",
    "US$": "USD", "USD": "USD", "$": "USD", "US DOLLARS": "USD",
    "£": "GBP", "GBP": "GBP",
    "CHF": "CHF", "SFR": "CHF", "SFR.": "CHF", "FR.": "CHF",
    "RM": "MYR", "MYR": "MYR",
    "RS.": "INR", "RS": "INR", "₹": "INR", "INR": "INR",
    "R$": "BRL", "BRL": "BRL",
    "A$": "AUD", "AU$": "AUD", "AUD": "AUD",
    "C$": "CAD", "CA$": "CAD", "CAD": "CAD",
    "S$": "SGD", "SGD": "SGD", "HK$": "HKD", "HKD": "HKD", "NZ$": "NZD", "NZD": "NZD",
    "¥": "JPY", "JPY": "JPY", "RMB": "CNY", "CNY": "CNY", "₩": "KRW", "KRW": "KRW",
    "ZŁ": "PLN", "PLN": "PLN", "KČ": "CZK", "CZK": "CZK", "FT": "HUF", "HUF": "HUF",
    "SEK": "SEK", "NOK": "NOK", "DKK": "DKK", "KR": "SEK",
    "TRY": "TRY", "₺": "TRY", "RUB": "RUB", "₽": "RUB", "UAH": "UAH", "₴": "UAH", "₪": "ILS", "ILS": "ILS",
    "AED": "AED", "SAR": "SAR", "QAR": "QAR", "KWD": "KWD", "TND": "TND", "MAD": "MAD",
    "THB": "THB", "฿": "THB", "IDR": "IDR", "RP": "IDR", "PHP": "PHP", "₱": "PHP", "VND": "VND", "₫": "VND",
    "ZAR": "ZAR", "MXN": "MXN", "ARS": "ARS", "CLP": "CLP", "COP": "COP", "LKR": "LKR", "PKR": "PKR",
    "RON": "RON", "BGN": "BGN", "HRK": "HRK", "RSD": "RSD",
}  # fmt: skip

DASHES = "-\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}"
QUOTES = "'\N{RIGHT SINGLE QUOTATION MARK}"

MONTHS = frozenset(
    {
        *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
        *("januar", "jänner", "februar", "märz", "maerz", "mai", "juni", "juli", "oktober", "dezember"),
        *("mrz", "okt", "dez"),
        *("janvier", "février", "fevrier", "mars", "avril", "juin", "juillet", "août", "aout"),
        *("septembre", "octobre", "novembre", "décembre", "decembre"),
        *("janv", "févr", "fevr", "avr", "juil", "déc"),
        *("januari", "februari", "maart", "mei", "augustus", "mrt"),
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre"),
        *("setiembre", "octubre", "noviembre", "diciembre", "ene", "abr", "ago", "set", "dic"),
        *("gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre"),
        *("dicembre", "gen", "mag", "giu", "lug", "ott"),
        *("janeiro", "fevereiro", "março", "marco", "maio", "junho", "julho", "setembro", "outubro"),
        *("novembro", "dezembro", "fev", "out"),
        *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września"),
        *("października", "listopada", "grudnia"),
    }
)

COUNTRIES = frozenset(
    {
        *("australia", "austria", "belgium", "brazil", "canada", "china", "denmark", "england", "finland"),
        *("france", "germany", "greatbritain", "hongkong", "india", "ireland", "italy", "japan", "malaysia"),
        *("mexico", "netherlands", "thenetherlands", "newzealand", "norway", "poland", "portugal"),
        *("singapore", "southafrica", "spain", "sweden", "switzerland", "uk", "us", "usa"),
        *("unitedkingdom", "unitedstates", "unitedstatesofamerica", "unitedarabemirates"),
        *("belgien", "danemark", "deutschland", "frankreich", "grossbritannien"),
        *("italien", "luxemburg", "niederlande", "osterreich", "polen", "schweiz", "schweden", "spanien"),
        *("allemagne", "angleterre", "autriche", "belgique", "espagne", "etatsunis", "italie", "luxembourg"),
        *("paysbas", "pologne", "royaumeuni", "suisse"),
        *("belgie", "duitsland", "frankrijk", "nederland", "spanje", "verenigdkoninkrijk"),
        *("alemania", "belgica", "espana", "estadosunidos", "francia", "italia", "paisesbajos", "reinounido"),
        *("germania", "paesibassi", "regnounito", "spagna", "statiuniti", "svizzera"),
        *("alemanha", "brasil", "espanha", "franca"),
        *("niemcy", "polska"),
    }
)

LEGAL_FORMS = frozenset(
    {
        *(
            "gmbh",
            "gesmbh",
            "ag",
            "kg",
            "ohg",
            "og",
            "ug",
            "gbr",
            "ev",
            "ek",
            "eu",
            "eg",
            "se",
            "kgaa",
            "mbh",
        ),
        *("ltd", "limited", "plc", "llp", "llc", "lp", "pllc", "inc", "incorporated", "corp"),
        *("corporation", "co", "company"),
        *("sa", "sas", "sasu", "sarl", "eurl", "snc", "sci", "scop"),
        *("bv", "nv", "vof", "cv", "bvba", "cvba"),
        *("srl", "spa", "sapa", "sl", "slu", "sau", "sll", "scoop", "lda", "ltda", "unipessoal", "eireli"),
        *("ab", "as", "asa", "aps", "oy", "oyj"),
        *("zoo", "spzoo", "spk", "spj", "sro", "doo", "dd", "kft", "zrt", "nyrt", "ood", "eood"),
        *("pty", "pte", "bhd", "sdn", "sdnbhd", "sb", "pvt", "enterprise", "enterprises", "trading"),
        *("gesellschaft", "verein"),
    }
)

_UNSPOKEN = re.compile(r"[^a-z0-9#]")


_SPOKEN = 2048  # texts kept: a page says the same words many times


@lru_cache(_SPOKEN)
def squash(text: str) -> str:
    """Letters and digits alone, lower case, no accents: ``N° de facture :`` is ``nodefacture``."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("°", "o")).casefold()
    return _UNSPOKEN.sub("", text.lower())

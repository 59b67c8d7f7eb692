"""Every mistake an installer was seen to make, and its kinds: one sentence each, in the station's
language, with file, key and what would be right. No mistake is ever answered with parser talk.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from kiosk.config import text
from kiosk.config.describe import _struct
from kiosk.config.load import ConfigError, load_config
from kiosk.config.schema import Config
from kiosk.config.values import form_of
from kiosk.language.texts import COMMAND_DOMAIN, speaking
from kiosk.station.checking.checking import problems_of, within

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "assets" / "kiosk.sample.toml").read_text("utf-8")
HEAD = '[station]\nclinic = "x"\n'
RAW = re.compile(
    r"Expected|Object|Invalid|Illegal|Unterminated|Cannot|must be|should|codec|Error\b|Traceback"
    r"|regex|\^\[|expected|got `|not a|is not"
)
"""Words of a parser, a library or Python; none may be shown."""


def told(tmp_path: Path, content: str | bytes) -> list[str]:
    """Everything that is said about a file with this content."""
    path = tmp_path / "kiosk.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        config = load_config(path)
    except ConfigError as error:
        return error.problems
    with speaking("nb", domain=COMMAND_DOMAIN):
        return [f"{path}: {problem.text}" for problem in problems_of(config)]


MISTAKES = {
    # name: (content, words that must be in one of the sentences)
    "no likeness sign": (f'{HEAD}[scale]\ndriver "radwag"\n', "linje 4", "likhetstegn"),
    "text without quotes": ("[station]\nclinic = Solbakken\n", "linje 2", "«clinic»", "hermetegn"),
    "yes for true": (f"{HEAD}[panel]\nfullscreen = ja\n", "linje 4", "true"),
    "quote not closed": ('[station]\nclinic = "x\n', "linje 2", "«clinic»", "hermetegn"),
    "table not closed": ("[station\n", "linje 1", "[station", "]"),
    "table twice": (f'{HEAD}[station]\nid = "a"\n', "linje 3", "[station]", "to ganger"),
    "key twice": (f'{HEAD}clinic = "y"\n', "linje 3", "«clinic»", "to ganger"),
    "two on a line": ('[station]\nclinic = "x" id = "y"\n', "linje 2", "én linje"),
    "backslash": ('[gdt]\nfolder = "C:\\gdt"\n', "linje 2", "«folder»", "\\\\"),
    "list not closed": (f'{HEAD}[audiometer]\napprovers = ["a"\n', "]"),
    "a date in words": (
        f'{HEAD}[audiometer]\nname = "x"\ncalibrated_on = "2. mars"\n',
        "«audiometer.calibrated_on»",
        "2026-03-02",
    ),
    "no such date": (
        f'{HEAD}[audiometer]\nname = "x"\ncalibrated_on = 2026-02-30\n',
        "«calibrated_on»",
        "2026-03-02",
    ),
    "latin-1": ('[station]\nclinic = "Bærum"\n'.encode("latin-1"), "linje 2", "UTF-8", "latin-1"),
    "utf-16": ('[station]\nclinic = "x"\n'.encode("utf-16"), "UTF-16", "UTF-8"),
    "utf-16 without a mark": (HEAD.encode("utf-16-le"), "UTF-16", "UTF-8"),
    "bom": (HEAD.encode("utf-8-sig"), "BOM", "UTF-8"),
    "nothing at all": ("", "[station] mangler"),
    "mistyped key": (f'{HEAD}langauge = "nb"\n', "«station.langauge»", "«station.language»"),
    "mistyped table": (f'{HEAD}[scael]\ndriver = "radwag"\n', "«scael»", "Mente du «scale»"),
    "mistyped driver": (
        f'{HEAD}[scale]\ndriver = "radwagg"\nport = "/dev/x"\n',
        "«scale.driver»",
        "Mente du «radwag»",
    ),
    "key left out": ('[station]\nid = "a"\n', "«station.clinic» mangler", "hermetegn"),
    "empty name": ('[station]\nclinic = ""\n', "«station.clinic»"),
    "name too long": (f'[station]\nclinic = "{"x" * 61}"\n', "«station.clinic»", "60"),
    "text for a number": (
        f'{HEAD}[desk]\nlock_after = "120"\n',
        "«desk.lock_after»",
        "helt tall fra 10 til 3600",
        '"120"',
    ),
    "number for a text": (f"{HEAD}language = 1\n", "«station.language»", "hermetegn"),
    "out of range": (f"{HEAD}[desk]\nlock_after = 5\n", "«desk.lock_after»", "10 til 3600", "5"),
    "half a second": (f"{HEAD}[desk]\nlock_after = 20.5\n", "«desk.lock_after»", "helt tall"),
    "text for true": (f'{HEAD}[panel]\nfullscreen = "ja"\n', "«panel.fullscreen»", "true"),
    "a word for one of some": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "/dev/x"\nline = {{ parity = "even" }}\n',
        "«scale.line.parity»",
        '"E", "N", "O"',
    ),
    "level between steps": (
        f'{HEAD}[audiometer]\nname = "x"\nloudest = 92\n',
        "«audiometer.loudest»",
        "trinn på 5",
    ),
    "key for a table": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "/dev/x"\nline = 9600\n',
        "tabell",
    ),
    "station id with capitals": (
        '[station]\nclinic = "x"\nid = "Store Bokstaver"\n',
        "«station.id»",
        "små bokstaver",
        "solbakken-1",
    ),
    "organisation number": (
        f'{HEAD}[journal]\nurl = "https://j.example.no"\norganisation = "12"\n',
        "«journal.organisation»",
        "9 sifre",
    ),
    "setting as a number": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "/dev/x"\nsettings = {{ a = 1 }}\n',
        "«scale.settings.a»",
        "hermetegn",
    ),
    "unknown language": (f'{HEAD}language = "no"\n', "«station.language»", "nb, nn, en"),
    "unknown reviewer": (f'{HEAD}reviewers = {{ xx = "A" }}\n', "«station.reviewers»", "«xx»"),
    "slip in no language": (
        f'{HEAD}[printer]\naddress = "/dev/usb/lp0"\nreviewers = {{ xx = "A" }}\n',
        "«printer.reviewers»",
        "«xx»",
    ),
    "scale address": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "COM3"\n',
        "«scale.port»",
        "kiosk devices",
    ),
    "printer address": (
        f'{HEAD}[printer]\naddress = "LPT1"\n',
        "«printer.address»",
        "/dev/usb/lp0",
    ),
    "printer port": (
        f'{HEAD}[printer]\naddress = "tcp://p:99999"\n',
        "«printer.address»",
        "tcp://",
    ),
    "usb number": (f'{HEAD}[printer]\naddress = "usb:zzzz:1"\n', "«printer.address»", "04b8"),
    "http journal": (
        f'{HEAD}[journal]\nurl = "http://j.example.no/fhir"\n',
        "«journal.url»",
        "https://",
    ),
    "ftp journal": (f'{HEAD}[journal]\nurl = "ftp://j"\n', "«journal.url»", "https://"),
    "journal without a host": (f'{HEAD}[journal]\nurl = "https://"\n', "«journal.url»", "adresse"),
    "journal's port": (f'{HEAD}[journal]\nurl = "https://j:0x/f"\n', "«journal.url»", "adresse"),
    "space in the address": (
        f'{HEAD}[journal]\nurl = "https://j.no/a b"\n',
        "«journal.url»",
        "adresse",
    ),
    "password in the address": (
        f'{HEAD}[journal]\nurl = "https://u:hemmelig@j.no/f"\n',
        "«journal.url»",
        "token_file",
    ),
    "token and sign-in": (
        (
            f'{HEAD}[journal]\nurl = "https://j.no/f"\ntoken_file = "/x"\n[journal.sign_in]\n'
            'kind = "smart"\nclient_id = "a"\nkey_file = "/x"\nscope = "s"\n'
        ),
        "«journal.sign_in»",
        "sammen",
    ),
    "sign-in half done": (
        f'{HEAD}[journal]\nurl = "https://j.no/f"\n[journal.sign_in]\nkind = "helseid"\n',
        "«journal.sign_in.client_id» mangler",
    ),
    "HelseID without issuer": (
        (
            f'{HEAD}[journal]\nurl = "https://j.no/f"\n[journal.sign_in]\nkind = "helseid"\n'
            'client_id = "a"\nkey_file = "/x"\nscope = "s"\n'
        ),
        "«journal.sign_in.issuer» mangler",
    ),
    "issuer over http": (
        (
            f'{HEAD}[journal]\nurl = "https://j.no/f"\n[journal.sign_in]\nkind = "smart"\n'
            'client_id = "a"\nkey_file = "/x"\nscope = "s"\nissuer = "http://i.no"\n'
        ),
        "«journal.sign_in.issuer»",
        "https://",
    ),
    "unknown sign-in": (
        (
            f'{HEAD}[journal]\nurl = "https://j.no/f"\n[journal.sign_in]\nkind = "oauth"\n'
            'client_id = "a"\nkey_file = "/x"\nscope = "s"\n'
        ),
        "«journal.sign_in.kind»",
        '"helseid", "smart"',
    ),
    "secret in place of its file": (
        f'{HEAD}[journal]\nurl = "https://j.no/f"\ntoken_file = "eyJhemmelig"\n',
        "«journal.token_file»",
        "fra /",
    ),
    "file that is not there": (
        f'{HEAD}[journal]\nurl = "https://j.no/f"\nca_file = "/none/ca.pem"\n',
        "«journal.ca_file»",
        "/none/ca.pem finnes ikke",
    ),
    "folder as a file": (
        f'{HEAD}[journal]\nurl = "https://j.no/f"\ntoken_file = "/usr"\n',
        "«journal.token_file»",
        "/usr er en mappe",
    ),
    "key without certificate": (
        f'{HEAD}[journal]\nurl = "https://j.no/f"\nclient_key = "/x"\n',
        "«journal.client_cert» mangler",
    ),
    "hl7 port": (f'{HEAD}[hl7]\nhost = "h"\nport = 70000\n', "«hl7.port»", "1 til 65535", "70000"),
    "hl7 address": (f'{HEAD}[hl7]\nhost = "mllp://h:2575"\nport = 2575\n', "«hl7.host»", "navnet"),
    "gdt folder": (f'{HEAD}[gdt]\nfolder = "/none/gdt"\n', "«gdt.folder»", "/none/gdt finnes ikke"),
    "csv folder": (f'{HEAD}[csv]\nfolder = "/none/csv"\n', "«csv.folder»", "/none/csv finnes ikke"),
    "open listener": (
        f'{HEAD}[watching]\nlisten = "0.0.0.0:9435"\n',
        "«watching.listen»",
        "127.0.0.1:PORT",
    ),
    "database password": (
        f'{HEAD}[database]\nurl = "postgresql://u:hemmelig@h/d"\n',
        "«database.url»",
        "password_file",
    ),
    "database without the rest": (
        f'{HEAD}[database]\nurl = "postgresql://u@h/d"\n',
        "«database.shared_key_file» mangler",
    ),
    "clinic id": (f'{HEAD}[database]\nclinic_id = "Å"\n', "«database.clinic_id»", "små bokstaver"),
    "drivers' folder": (
        f'{HEAD}[drivers]\nfolder = "/none/drivers"\n',
        "«drivers.folder»",
        "finnes ikke",
    ),
    "audiometer's inbox": (
        f'{HEAD}[audiometer]\nname = "x"\ninbox = "/none/inbox"\n',
        "«audiometer.inbox»",
        "finnes ikke",
    ),
    "data folder": ('[station]\nclinic = "x"\ndata_dir = "kiosk"\n', "«station.data_dir»", "fra /"),
    # of the same kinds, found by trying
    "blank name": ('[station]\nclinic = "  "\n', "«station.clinic»", "tom"),
    "name on two lines": ('[station]\nclinic = """a\nb"""\n', "«station.clinic»", "vises"),
    "letters turned round": ('[station]\nclinic = "a\\u202Eb"\n', "«station.clinic»", "vises"),
    "null in a path": (f'{HEAD}data_dir = "/a\\u0000"\n', "«station.data_dir»", "vises"),
    "below a file": (f'{HEAD}data_dir = "/etc/hostname/x"\n', "«station.data_dir»", "er en fil"),
    "name too long for a file": (f'{HEAD}data_dir = "/{"x" * 256}"\n', "langt"),
    "no text at all": (b"\x1f\x8b\x08\x00\x00abcdefghijkl", "ingen tekstfil"),
    "quotes of a word processor": ("[station]\nclinic = “x”\n", "linje 2", "rette"),
    "a blank that is none": ('[station]\nclinic\u00a0= "x"\n', "linje 2", "usynlig"),
    "mark in the middle": ('[station]\n\ufeffclinic = "x"\n', "linje 2", "usynlig"),
    "lines of an old Mac": (HEAD.replace("\n", "\r"), "[station]", "én linje"),
    "table of no use": (f'{HEAD}[vekt]\ndriver = "x"\n', "«vekt»", "Kjente nøkler", "scale"),
    "driver in capitals": (
        f'{HEAD}[scale]\ndriver = "RADWAG"\nport = "/dev/x"\n',
        "«scale.driver»",
        "«radwag»",
    ),
    "driver of another kind": (
        f'{HEAD}[audiometer]\nname = "x"\ndriver = "radwag"\nport = "/dev/x"\n',
        "«audiometer.driver»",
        "annet slags",
    ),
    "cable without driver": (
        f'{HEAD}[audiometer]\nname = "x"\nport = "/dev/x"\n',
        "«audiometer.driver» mangler",
    ),
    "unknown protocol": (
        f'{HEAD}[audiometer]\nname = "x"\nprotocol = "zz"\n',
        "«audiometer.protocol»",
        "Kjente protokoller",
    ),
    "profile that is not there": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "/dev/x"\nprofile = "/none"\n',
        "«scale.profile»",
        "/none finnes ikke",
    ),
    "scale behind a space": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "tcp://a b:1"\n',
        "«scale.port»",
    ),
    "scale behind a page": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "http://h/x"\n',
        "«scale.port»",
    ),
    "printer behind a space": (
        f'{HEAD}[printer]\naddress = "tcp://my printer:9100"\n',
        "«printer.address»",
    ),
    "printer on no port": (f'{HEAD}[printer]\naddress = "tcp://h:0"\n', "«printer.address»"),
    "printer with a queue": (f'{HEAD}[printer]\naddress = "tcp://h:1/q"\n', "«printer.address»"),
    "no such number": (
        f'{HEAD}[journal]\nurl = "https://256.1.1.1/f"\n',
        "«journal.url»",
        "adresse",
    ),
    "journal on no port": (f'{HEAD}[journal]\nurl = "https://j.no:0/f"\n', "«journal.url»"),
    "empty token": (
        f'{HEAD}[journal]\nurl = "https://j.no/f"\ntoken_file = "/dev/null"\n',
        "«journal.token_file»",
        "er tom",
    ),
    "credential without a name": (
        (
            f'{HEAD}[journal]\nurl = "https://j.no/f"\n[journal.sign_in]\nkind = "smart"\n'
            'client_id = "a"\nkey_file = "credential:"\nscope = "s"\n'
        ),
        "«journal.sign_in.key_file»",
        "credential:journal-key",
    ),
    "listener on root's port": (
        f'{HEAD}[watching]\nlisten = "127.0.0.1:80"\n',
        "«watching.listen»",
        "1024",
    ),
    "listener in no folder": (
        f'{HEAD}[watching]\nlisten = "unix:/none/x"\n',
        "«watching.listen»",
        "/none finnes ikke",
    ),
    "listener with a long path": (
        f'{HEAD}[watching]\nlisten = "unix:/{"x" * 108}"\n',
        "«watching.listen»",
    ),
    "status as a folder": (
        f'{HEAD}[watching]\nstatus_file = "/tmp"\n',
        "«watching.status_file»",
    ),
    "database behind a space": (
        f'{HEAD}[database]\nurl = "postgresql://u@h h/d"\n',
        "«database.url»",
        "postgresql+psycopg://",
    ),
    "database's port": (f'{HEAD}[database]\nurl = "postgresql://u@h:99999/d"\n', "«database.url»"),
    "unknown sslmode": (
        f'{HEAD}[database]\nurl = "postgresql://u@h/d?sslmode=nei"\n',
        "«database.url»",
        "verify-full",
    ),
    "two devices on one port": (
        (
            f'{HEAD}[scale]\ndriver = "radwag"\nport = "/dev/x"\n'
            '[length_board]\ndriver = "adam-muw"\n'
            'port = "/dev/x"\nsettings = { request = "print-key" }\n'
        ),
        "«length_board.port»",
        "samme port",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_has_a_sentence_of_its_own(tmp_path, name):
    content, *words = MISTAKES[name]
    sentences = told(tmp_path, content)
    one = [s for s in sentences if all(word in s for word in words)]
    assert one, sentences
    for sentence in sentences:
        assert str(tmp_path / "kiosk.toml") in sentence
        assert not RAW.search(sentence.removeprefix(str(tmp_path))), sentence
        assert "hemmelig" not in sentence


def test_all_mistakes_are_told_at_once(tmp_path):
    content = (
        '[station]\nid = "Å"\nlangauge = "nb"\n[desk]\nlock_after = 1\n[panel]\nfullscreen = 1\n'
    )
    assert len(told(tmp_path, content)) == 5


def test_all_that_does_not_fit_the_station_is_told_at_once(tmp_path):
    content = (
        f'{HEAD}language = "no"\n[journal]\nurl = "http://j.no"\nca_file = "/none"\n'
        '[watching]\nlisten = "0.0.0.0:1"\n[gdt]\nfolder = "/none"\n[printer]\naddress = "x"\n'
    )
    assert len(told(tmp_path, content)) == 6


def test_a_missing_file_a_folder_and_a_file_of_others_are_told_apart(tmp_path):
    for path, words in ((tmp_path / "none", "finnes ikke"), (tmp_path, "mappe")):
        with pytest.raises(ConfigError, match=words) as caught:
            load_config(path)
        assert str(path) in caught.value.problems[0]


def test_a_file_of_others_is_told(tmp_path, monkeypatch):
    def closed(_):
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", closed)
    with pytest.raises(ConfigError, match="kan ikke leses av denne brukeren"):
        load_config(tmp_path / "kiosk.toml")


def test_every_pattern_of_the_schema_has_words():
    def names(table, prefix=""):
        from msgspec.inspect import type_info

        for item in type_info(table).fields:
            inner = _struct(item.type)
            if inner is not None:
                yield from names(inner, f"{prefix}{item.name}.")
            else:
                yield f"{prefix}{item.name}", item.type

    patterned = {name for name, info in names(Config) if "pattern='" in repr(info)}
    assert patterned
    assert [name for name in patterned if not form_of(name)] == []


@pytest.mark.parametrize(("language", "word"), [("nn", "ukjend"), ("en", "unknown")])
def test_a_station_speaks_its_own_language_also_of_its_mistakes(tmp_path, language, word):
    content = f'[station]\nclinic = "x"\nlanguage = "{language}"\nzzz = 1\n'
    (sentence,) = told(tmp_path, content)
    assert word in sentence
    content = f'[station]\nlanguage = "{language}"\nclinic "x"\n'
    (sentence,) = told(tmp_path, content)
    assert "ikke gyldig" not in sentence


# --- whatever stands in a file ------------------------------------------------------------------

BITS = ['"', "'", "[", "]", "=", "\n", "#", "{", "}", ",", ".", "\\", "æ", "\t", "0", "-", "true"]
WORDS = ["scale", "url", "12", "2026-13-01", '"""', "[[x]]", "inf", "1e9", "[station]", "port = 1"]


def mutated(chance: random.Random) -> bytes:
    """The sample with something wrong in it, as bytes."""
    text = SAMPLE
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(BITS + WORDS) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 20) :]
            case 2:
                lines = text.splitlines()
                lines.insert(chance.randrange(len(lines)), chance.choice(lines))
                text = "\n".join(lines)
            case _:
                lines = text.splitlines()
                line = chance.randrange(len(lines))
                key, equals, _ = lines[line].partition("=")
                wrong = chance.choice(
                    ["1", '"x"', "true", "[]", "{}", "-1", '""', "1.5", "2026-01-01"]
                )
                lines[line] = f"{key}{equals} {wrong}" if equals else lines[line]
                text = "\n".join(lines)
    data = text.encode()
    if chance.random() < 0.1:
        at = chance.randrange(len(data))
        data = data[:at] + bytes([chance.randrange(256)]) + data[at:]
    return data


def test_no_file_is_answered_with_anything_but_sentences(tmp_path):
    chance = random.Random(15)
    path = tmp_path / "kiosk.toml"
    seen = 0
    for _ in range(150):
        path.write_bytes(mutated(chance))
        try:
            problems = [f"{path}: {p.text}" for p in within(load_config(path))]
        except ConfigError as error:
            problems = error.problems
        for problem in problems:
            seen += 1
            assert str(path) in problem
            assert re.search(r"«[^»]*»|linje \d+|\[[a-z_.0-9]+\]|BOM|UTF", problem), problem
            assert not RAW.search(problem.removeprefix(str(tmp_path))), problem
    assert seen > 80


def test_what_the_parser_says_is_known_in_every_release():
    """Each message of ``tomllib`` that can be provoked has words of its own."""
    unknown = [
        cause
        for cause in json.loads((Path(__file__).parent / "tomllib_messages.json").read_text())
        if text._cause(cause, "x") == text._cause("zzz", "x")
    ]
    assert unknown == []

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
SCALE = '[scale]\ndriver = "radwag"\nport = "/dev/x"\n'
BOARD = '[length_board]\ndriver = "adam-muw"\nsettings = { request = "print-key" }\n'
JOURNAL = '[journal]\nurl = "https://j.no/f"\n'
SIGN_IN = (
    f'{JOURNAL}[journal.sign_in]\nkind = "smart"\nclient_id = "a"\nkey_file = "/etc/hostname"\n'
)
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
    # each right by itself, or meant otherwise
    "HID port, serial driver": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "hid:0922:8003"\n',
        "«scale.port»",
        "seriell linje",
    ),
    "HID node, serial driver": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "/dev/hidraw0"\n',
        "«scale.port»",
        "seriell linje",
    ),
    "HID simulator, serial driver": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "hid+usbip://h:1"\n',
        "«scale.port»",
        "seriell linje",
    ),
    "serial cable, HID driver": (
        f'{HEAD}[scale]\ndriver = "usb-hid"\nport = "usb-serial:0922:8003:A"\n',
        "«scale.port»",
        "hid:VID:PID",
    ),
    "socket, HID driver": (
        f'{HEAD}[scale]\ndriver = "usb-hid"\nport = "usb-port:1-1.4"\n',
        "«scale.port»",
        "hid:VID:PID",
    ),
    "serial node, HID driver": (
        f'{HEAD}[scale]\ndriver = "usb-hid"\nport = "/dev/ttyUSB0"\n',
        "«scale.port»",
        "hid:VID:PID",
    ),
    "network, HID driver": (
        f'{HEAD}[scale]\ndriver = "usb-hid"\nport = "tcp://h:1"\n',
        "«scale.port»",
        "hid:VID:PID",
    ),
    "a way up for a device": (
        f'{HEAD}{SCALE}id = "../x"\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "a folder for a device": (
        f'{HEAD}{SCALE}id = "a/b"\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "a pattern for a device": (
        f'{HEAD}{SCALE}id = "*"\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "a space for a device": (
        f'{HEAD}{SCALE}id = "a b"\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "a letter of Norway for a device": (
        f'{HEAD}{SCALE}id = "æ"\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "an option for a device": (
        f'{HEAD}{SCALE}id = "-x"\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "nothing for a device": (
        f'{HEAD}{SCALE}id = ""\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "a long name for a device": (
        f'{HEAD}{SCALE}id = "{"x" * 41}"\n',
        "«scale.id»",
        "høyst 40 tegn",
    ),
    "a pattern for an audiometer": (
        f'{HEAD}[audiometer]\nname = "x"\nid = "*"\n',
        "«audiometer.id»",
        "høyst 40 tegn",
    ),
    "type plate of a novel": (
        f'{HEAD}{SCALE}name = "{"x" * 81}"\n',
        "«scale.name»",
        "80 tegn",
    ),
    "calibrated tomorrow": (
        f'{HEAD}[audiometer]\nname = "x"\ncalibrated_on = 2090-01-01\n',
        "«audiometer.calibrated_on»",
        "2090-01-01",
        "ikke vært",
    ),
    "audiometer under the scale's name": (
        f'{HEAD}{SCALE}[audiometer]\nname = "x"\nid = "scale"\n',
        "«audiometer.id»",
        "annet utstyr",
    ),
    "nobody approves": (
        f'{HEAD}[audiometer]\nname = "x"\napprovers = [""]\n',
        "«audiometer.approvers»",
        "kiosk user list",
    ),
    "one approves twice": (
        f'{HEAD}[audiometer]\nname = "x"\napprovers = ["anne", "anne"]\n',
        "«audiometer.approvers»",
        "én gang",
    ),
    "who saves devices by name": (
        f'{HEAD}approvers = ["Anne Berg"]\n',
        "«station.approvers»",
        "kiosk user list",
    ),
    "an approver by name": (
        f'{HEAD}[audiometer]\nname = "x"\napprovers = ["Anne Berg"]\n',
        "«audiometer.approvers»",
        '["anne"]',
    ),
    "settings of no cable": (
        f'{HEAD}[audiometer]\nname = "x"\nsettings = {{ a = "b" }}\n',
        "«audiometer.driver» mangler",
    ),
    "line of no cable": (
        f'{HEAD}[audiometer]\nname = "x"\nline = {{ baud = 9600 }}\n',
        "«audiometer.driver» mangler",
    ),
    "driver without cable": (
        f'{HEAD}[audiometer]\nname = "x"\ndriver = "gsi-38"\n',
        "«audiometer.port»",
        "mangler",
    ),
    "gdt files come back": (
        f'{HEAD}[audiometer]\nname = "x"\ninbox = "/tmp"\n[gdt]\nfolder = "/tmp"\n',
        "«audiometer.inbox»",
        "«gdt.folder»",
        "samme mappe",
    ),
    "csv files come back": (
        f'{HEAD}[audiometer]\nname = "x"\ninbox = "/tmp"\n[csv]\nfolder = "/tmp"\n',
        "«audiometer.inbox»",
        "«csv.folder»",
        "samme mappe",
    ),
    "printer on the scale's cable": (
        f'{HEAD}{SCALE}[printer]\naddress = "serial:/dev/x?baud=9600"\n',
        "«printer.address»",
        "«scale.port»",
        "samme port",
    ),
    "printer on the scale's converter": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "tcp://h:9100"\n[printer]\naddress = "tcp://H:9100/"\n',
        "«printer.address»",
        "«scale.port»",
        "samme port",
    ),
    "printer with no speed": (
        f'{HEAD}[printer]\naddress = "serial:/dev/x?baud=0"\n',
        "«printer.address»",
        "/dev/usb/lp0",
    ),
    "printer with a speed of nothing": (
        f'{HEAD}[printer]\naddress = "serial:/dev/x?baud=x"\n',
        "«printer.address»",
        "/dev/usb/lp0",
    ),
    "printer with half a path": (
        f'{HEAD}[printer]\naddress = "serial:ttyS0"\n',
        "«printer.address»",
        "/dev/usb/lp0",
    ),
    "printer with a question": (
        f'{HEAD}[printer]\naddress = "tcp://h:9100?x=1"\n',
        "«printer.address»",
        "/dev/usb/lp0",
    ),
    "printer of another language": (
        f'{HEAD}[printer]\naddress = "usb:0519:0003"\n',
        "«printer.address»",
        "ESC/POS",
        "Star",
    ),
    "printer that is a folder": (
        f'{HEAD}[printer]\naddress = "/etc"\n',
        "«printer.address»",
        "/etc er ingen port",
    ),
    "scale that is a folder": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "/etc"\n',
        "«scale.port»",
        "/etc er ingen port",
    ),
    "scale that is a file": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "/etc/hostname"\n',
        "«scale.port»",
        "er ingen port",
    ),
    "a recording that is gone": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "replay:/none"\n',
        "«scale.port»",
        "/none finnes ikke",
    ),
    "scale with a question": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "tcp://h:1?x=1"\n',
        "«scale.port»",
        "kiosk devices",
    ),
    "scale with a password": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "tcp://u:hemmelig@h:1"\n',
        "«scale.port»",
        "brukernavn",
    ),
    "any cable of a make": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "usb-serial:0403:6001"\n',
        "«scale.port»",
        "serienummeret",
    ),
    "speed of a converter": (
        f'{HEAD}[scale]\ndriver = "radwag"\nport = "tcp://h:1"\nline = {{ baud = 9600 }}\n',
        "[scale.line]",
        "«scale.port»",
        "ingen seriell port",
    ),
    "one port written twice": (
        (
            f'{HEAD}[scale]\ndriver = "radwag"\nport = "usb-serial:10c4:ea60:A"\n'
            f'{BOARD}port = "usb-serial:10C4:EA60:A"\n'
        ),
        "«length_board.port»",
        "samme port",
    ),
    "a profile that is none": (
        f'{HEAD}{SCALE}profile = "/etc/passwd"\n',
        "«scale.profile»",
        "ingen profil",
    ),
    "read by nobody": (f'{HEAD}reviewers = {{ se = "" }}\n', "«station.reviewers.se»", "tom"),
    "slip read by nobody": (
        f'{HEAD}[printer]\naddress = "/dev/usb/lp0"\nreviewers = {{ so = " " }}\n',
        "«printer.reviewers.so»",
        "tom",
    ),
    "scopes with commas": (
        f'{HEAD}{SIGN_IN}scope = "a,b"\n',
        "«journal.sign_in.scope»",
        "mellomrom",
    ),
    "a key that is none": (
        f'{HEAD}{SIGN_IN}scope = "a"\n',
        "«journal.sign_in.key_file»",
        "/etc/hostname",
    ),
    "issuer's page": (
        f'{HEAD}{SIGN_IN}scope = "a"\nissuer = "https://i.no/.well-known/openid-configuration"\n',
        "«journal.sign_in.issuer»",
        "grunnadressen",
    ),
    "journal's page": (
        f'{HEAD}[journal]\nurl = "https://j.no/fhir/metadata"\n',
        "«journal.url»",
        "grunnadressen",
    ),
    "certificate of an open line": (
        f'{HEAD}[hl7]\nhost = "h"\nport = 1\ntls = false\nca_file = "/etc/hostname"\n',
        "«hl7.ca_file» brukes ikke",
        "«hl7.tls»",
    ),
    "certificate of an open journal": (
        f'{HEAD}[journal]\nurl = "http://127.0.0.1/f"\nca_file = "/etc/hostname"\n',
        "«journal.ca_file» brukes ikke",
        "«journal.url»",
    ),
    "delivered is kept less": (
        f"{HEAD}[database]\nkeep_days = 100\nkeep_delivered_days = 10\n",
        "«database.keep_delivered_days»",
        "(10)",
        "(100)",
    ),
    "the key instead of its file": (
        f'{HEAD}[database]\nkey_file = "0123hemmelig"\n',
        "«database.key_file»",
        "fra /",
    ),
    "clinic_id of no database": (
        f'{HEAD}[database]\nclinic_id = "a"\n',
        "«database.clinic_id» brukes ikke",
    ),
    "shared_key_file of no database": (
        f'{HEAD}[database]\nshared_key_file = "/etc/hostname"\n',
        "«database.shared_key_file» brukes ikke",
    ),
    "password_file of no database": (
        f'{HEAD}[database]\npassword_file = "/etc/hostname"\n',
        "«database.password_file» brukes ikke",
    ),
    "one file for two secrets": (
        f'{HEAD}{JOURNAL}token_file = "/etc/hostname"\n[database]\nkey_file = "/etc/hostname"\n',
        "«database.key_file»",
        "«journal.token_file»",
        "samme fil",
    ),
    "dark before it is read": (
        f"{HEAD}[desk]\nblank_after = 1\n",
        "«desk.blank_after»",
        "minst 10",
    ),
    "drivers of half a path": (
        f'{HEAD}[drivers]\nfolder = "drivers"\n',
        "«drivers.folder»",
        "fra /",
    ),
    "drivers of anybody": (
        f'{HEAD}[drivers]\nfolder = "/tmp"\n',
        "«drivers.folder»",
        "alle kan endre",
    ),
    "two things in one file": (
        f'{HEAD}[watching]\nlisten = "unix:/tmp/x"\nstatus_file = "/tmp/x"\n',
        "«watching.listen»",
        "«watching.status_file»",
    ),
    "panel of a wall": (f"{HEAD}[panel]\nwidth = 100000\n", "«panel.width»", "1024 til 7680"),
    "diagonal of nothing": (f"{HEAD}[panel]\ndiagonal = nan\n", "«panel.diagonal»", "7 til 32"),
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

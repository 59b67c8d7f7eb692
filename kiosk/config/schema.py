"""What may stand in the configuration file, with units, defaults and limits.

The descriptions are the source of ``docs/configuration.md``; a test compares the two.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Port = Annotated[str, Meta(min_length=1)]
Seconds = Annotated[int, Meta(ge=10, le=3600)]
DEVICE_ID = r"^[A-Za-z0-9][A-Za-z0-9_\-]{0,39}$"
"""A device's name begins the names of files, and is kept with each value."""
LINK = "Name of the link in traces and files: letters a to z, digits, `-` and `_`."
PLATE = 80
"""Characters of what stands on a type plate; it goes into every message."""


class Station(Struct, frozen=True, forbid_unknown_fields=True):
    """Which station this is."""

    clinic: Annotated[
        str, Meta(min_length=1, max_length=60, description="Name of the clinic, shown and printed.")
    ]
    data_dir: Annotated[
        str, Meta(description="Folder of the encrypted store; created with mode 0700.")
    ] = "/var/lib/kiosk"
    id: Annotated[
        str,
        Meta(
            pattern=r"^[a-z0-9][a-z0-9\-]{0,39}$",
            description="Short name of this station, part of the identifiers it makes.",
        ),
    ] = "station-1"
    language: Annotated[
        str,
        Meta(description="Language of the screen at the start: `nb`, `nn`, `en`, or a read `se`."),
    ] = "nb"
    approvers: Annotated[
        tuple[str, ...],
        Meta(
            description="Who may save a device that was set up or taught on the screen, by the ids "
            "of `kiosk user`; those who may sign hearing protocols may too."
        ),
    ] = ()
    reviewers: Annotated[
        dict[str, str],
        Meta(
            description="Who has read the screen in a language that is switched off until "
            "somebody has, by code: `se`. A name and a date."
        ),
    ] = {}


class Panel(Struct, frozen=True, forbid_unknown_fields=True):
    """The touch panel, which cannot be trusted to tell its own size.

    Colours, hand and text hold while nobody is signed in; each person may choose others.
    """

    width: Annotated[int, Meta(ge=1024, le=7680, description="Width in pixels.")] = 1280
    height: Annotated[int, Meta(ge=600, le=4320, description="Height in pixels.")] = 800
    diagonal: Annotated[
        float, Meta(ge=7, le=32, description="Diagonal in inches; touch sizes follow from it.")
    ] = 10.1
    fullscreen: Annotated[bool, Meta(description="Fill the panel.")] = True
    hide_cursor: Annotated[bool, Meta(description="Hide the mouse pointer.")] = True
    colours: Annotated[
        Literal["light", "contrast"],
        Meta(description="`light`, or `contrast` for black on white with black edges."),
    ] = "light"
    hand: Annotated[
        Literal["right", "left"],
        Meta(description="The hand that touches: the side of the main action and the keys."),
    ] = "right"
    text: Annotated[
        Literal[100, 125, 150],
        Meta(description="How large texts are drawn where there is room, in percent."),
    ] = 100


class ScaleLine(Struct, frozen=True, forbid_unknown_fields=True):
    """Serial line settings of this device, where they differ from the driver's."""

    baud: Annotated[
        Annotated[int, Meta(ge=110, le=1_000_000)] | None, Meta(description="Bits a second.")
    ] = None
    bits: Annotated[Literal[7, 8] | None, Meta(description="Data bits, 7 or 8.")] = None
    parity: Annotated[
        Literal["N", "E", "O"] | None, Meta(description="`N` none, `E` even, `O` odd.")
    ] = None
    stop: Annotated[Literal[1, 2] | None, Meta(description="Stop bits, 1 or 2.")] = None
    handshake: Annotated[
        Literal["none", "rtscts", "xonxoff"] | None,
        Meta(description="`none`, `rtscts` or `xonxoff`."),
    ] = None


class Scale(Struct, frozen=True, forbid_unknown_fields=True):
    """The weight scale."""

    driver: Annotated[str, Meta(description="Driver key, see `kiosk devices`.")]
    port: Annotated[
        str,
        Meta(
            min_length=1,
            description=(
                "`usb-serial:VID:PID:SERIAL`, `usb-port:1-1.4`, `/dev/serial/by-id/…`, another "
                "path, `hid:VID:PID` for a USB HID scale, or `tcp://host:port`; `kiosk devices` "
                "prints the one to use."
            ),
        ),
    ]
    id: Annotated[str, Meta(pattern=DEVICE_ID, description=LINK)] = "scale"
    name: Annotated[
        str, Meta(max_length=PLATE, description="Make and model on the type plate.")
    ] = ""
    serial: Annotated[
        str, Meta(max_length=PLATE, description="Serial number on the type plate.")
    ] = ""
    profile: Annotated[
        str, Meta(description="Profile file of a calibrated device, see `kiosk calibrate`.")
    ] = ""
    settings: Annotated[dict[str, str], Meta(description="Profile settings of the driver.")] = (
        field(default_factory=dict)
    )
    line: ScaleLine | None = None


class LengthBoard(Scale, frozen=True, forbid_unknown_fields=True):
    """A length board or stadiometer with a cable of its own. Lengths can always be typed."""

    id: Annotated[str, Meta(pattern=DEVICE_ID, description=LINK)] = "length-board"


class Drivers(Struct, frozen=True, forbid_unknown_fields=True):
    """Drivers that are not part of the station."""

    folder: Annotated[
        str, Meta(description="Folder with drivers of the clinic's own; empty: none.")
    ] = ""


class Audiometer(Struct, frozen=True, forbid_unknown_fields=True):
    """The audiometer. Without this table the station offers no hearing tests.

    The station never produces a tone and never drives an audiometer. Most stand alone: then the
    answers are tapped in, and only the type plate and the certificate are told here.
    """

    name: Annotated[
        str,
        Meta(min_length=1, max_length=PLATE, description="Make and model on the type plate."),
    ]
    serial: Annotated[
        str, Meta(max_length=PLATE, description="Serial number on the type plate.")
    ] = ""
    calibrated_on: Annotated[
        date | None, Meta(description="Date of the last calibration, as on its certificate.")
    ] = None
    loudest: Annotated[
        int,
        Meta(
            ge=20,
            le=120,
            multiple_of=5,
            description="The loudest level it can give at every frequency used, in dB HL.",
        ),
    ] = 90
    protocol: Annotated[
        str, Meta(description="The protocol that is proposed first; empty: by the child's age.")
    ] = ""
    protocols: Annotated[
        str,
        Meta(
            description="Folder of the protocols the clinic has filled in and signed; empty: "
            "`protocols` in the data folder."
        ),
    ] = ""
    approvers: Annotated[
        tuple[str, ...],
        Meta(description="Who may sign a protocol on the screen, by the ids of `kiosk user`."),
    ] = ()
    slip: Annotated[
        Literal["told", "drawing"],
        Meta(
            description="What the slip says: `told`, that hearing was tested and the nurse tells "
            "the result; `drawing`, also the audiogram."
        ),
    ] = "told"
    id: Annotated[str, Meta(pattern=DEVICE_ID, description=LINK)] = "audiometer"
    driver: Annotated[
        str, Meta(description="Driver key if it has a cable, see `kiosk devices`; empty: none.")
    ] = ""
    port: Annotated[str, Meta(description="Where its cable is, as for the scale.")] = ""
    settings: Annotated[dict[str, str], Meta(description="Profile settings of the driver.")] = (
        field(default_factory=dict)
    )
    line: ScaleLine | None = None
    inbox: Annotated[
        str, Meta(description="Folder its program drops result files into; empty: none.")
    ] = ""
    profiles: Annotated[
        str, Meta(description="Folder with the clinic's profiles of GDT and CSV files.")
    ] = ""


class Printer(Struct, frozen=True, forbid_unknown_fields=True):
    """The receipt printer. Without this table the station works without slips."""

    address: Annotated[
        str,
        Meta(
            min_length=1,
            description=(
                "`/dev/usb/lp0`, `usb:VID:PID[:SERIAL]`, `serial:/dev/…?baud=38400`, "
                "`tcp://host:9100` or `usbip://host:port`."
            ),
        ),
    ]
    width: Annotated[
        Literal[384, 512, 576] | None,
        Meta(
            description=(
                "Dots across the paper, as the test slip shows: 384, 512 or 576. Not set: what the "
                "printer's model tells, and 384 where it tells nothing."
            )
        ),
    ] = None
    clinic_name: Annotated[bool, Meta(description="Print the clinic's name on the slip.")] = True
    expire_after: Annotated[
        Seconds, Meta(description="Seconds after which a slip that could not be printed expires.")
    ] = 180
    reviewers: Annotated[
        dict[str, str],
        Meta(
            description=(
                "Who has read the slip in a language that is switched off until somebody has, "
                "by code: `so`, `se`, `ti`. A name and a date."
            )
        ),
    ] = {}


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How the station signs in to the FHIR service: client credentials with a signed assertion."""

    kind: Annotated[
        Literal["smart", "helseid"],
        Meta(description="`smart`: SMART Backend Services. `helseid`: HelseID."),
    ]
    client_id: Annotated[str, Meta(min_length=1, description="The id it is registered under.")]
    key_file: Annotated[
        str,
        Meta(
            min_length=1,
            description="Private key, JWK or PEM, or `credential:NAME` for a systemd credential.",
        ),
    ]
    scope: Annotated[str, Meta(min_length=1, description="Scopes, separated by spaces.")]
    key_id: Annotated[str, Meta(description="Name of the key; empty: as in the JWK.")] = ""
    issuer: Annotated[
        str, Meta(description="Base address of HelseID; empty for SMART, which the journal tells.")
    ] = ""
    token_url: Annotated[
        str, Meta(description="Token endpoint, where it is not to be discovered.")
    ] = ""
    dpop: Annotated[
        bool | None,
        Meta(description="Whether tokens are bound to a key (DPoP). Usually with HelseID only."),
    ] = None
    organisation: Annotated[
        str,
        Meta(
            pattern=r"^(\d{9})?$",
            description="Organisation number the token is asked for, where HelseID wants it.",
        ),
    ] = ""
    key_expires: Annotated[
        date | None, Meta(description="When the key's registration ends; warned of 30 days before.")
    ] = None


class Journal(Struct, frozen=True, forbid_unknown_fields=True):
    """The journal system's FHIR R4 service. Without this table values wait in the outbox."""

    url: Annotated[
        str, Meta(pattern=r"^https?://", description="Base address; https outside this machine.")
    ]
    token_file: Annotated[str, Meta(description="File with a bearer token.")] = ""
    ca_file: Annotated[str, Meta(description="CA bundle of the journal's certificate.")] = ""
    proxy: Annotated[
        str,
        Meta(
            description="HTTP proxy that the journal and its sign-in are reached through, "
            "`http://proxy:3128`; empty: none. What the machine is set up with is not used."
        ),
    ] = ""
    client_cert: Annotated[
        str, Meta(description="The station's own certificate (PEM), if the journal asks for one.")
    ] = ""
    client_key: Annotated[str, Meta(description="Key of the station's own certificate.")] = ""
    sign_in: SignIn | None = None
    organisation: Annotated[
        str, Meta(pattern=r"^(\d{9})?$", description="Organisation number of the clinic.")
    ] = ""
    patient_search: Annotated[
        str,
        Meta(
            pattern=r"^(post|get)$",
            description="How patients are searched for; `post` keeps numbers out of addresses.",
        ),
    ] = "post"
    shape: Annotated[
        Literal["transaction", "batch", "single"],
        Meta(
            description="How values are sent: all of a visit or nothing as one `transaction`, one "
            "`batch` settled entry by entry, or a `single` request for each."
        ),
    ] = "transaction"
    deadline: Annotated[
        int, Meta(ge=2, le=300, description="Seconds until an answer counts as lost.")
    ] = 15
    doubt: Annotated[
        int,
        Meta(
            ge=0,
            le=900,
            description="Seconds to wait after a lost answer before the journal is asked whether "
            "it has the values: longer than it takes to finish what it has begun.",
        ),
    ] = 30
    test_patient: Annotated[
        str,
        Meta(
            pattern=r"^(Patient/[A-Za-z0-9\-.]{1,64})?$",
            description="A test patient of the journal, `Patient/…`: then `kiosk doctor` sends a "
            "test resource twice and tells whether the journal keeps it once.",
        ),
    ] = ""
    changes: Annotated[
        bool,
        Meta(description="Whether the journal takes corrections; otherwise a person makes them."),
    ] = True
    appointments: Annotated[
        bool,
        Meta(description="Whether today's appointments are read from the journal and listed."),
    ] = False
    earlier: Annotated[
        bool,
        Meta(
            description="Whether weight, length and head of last time are read from the journal, "
            "shown, and used to ask about a number that is far from them."
        ),
    ] = False


class Hl7(Struct, frozen=True, forbid_unknown_fields=True):
    """An HL7 v2 receiver (ORU^R01 over MLLP), instead of the FHIR service or beside it."""

    host: Annotated[str, Meta(min_length=1, description="Name or address of the receiver.")]
    port: Annotated[int, Meta(ge=1, le=65535, description="Its port.")]
    receiving_application: Annotated[str, Meta(description="MSH-5, as agreed.")] = ""
    receiving_facility: Annotated[str, Meta(description="MSH-6, as agreed.")] = ""
    sending_application: Annotated[str, Meta(description="MSH-3.")] = "HELSESTASJON-KIOSK"
    sending_facility: Annotated[str, Meta(description="MSH-4; empty: the clinic's name.")] = ""
    processing: Annotated[
        Literal["P", "T"], Meta(description="MSH-11: `P` production, `T` test.")
    ] = "P"
    version: Annotated[
        Literal["2.5", "2.6"],
        Meta(
            description="MSH-12. `2.5` keeps OBR-3 and OBX-18 within 22 characters, `2.6` names "
            "them in full."
        ),
    ] = "2.5"
    answers: Annotated[
        Literal["original", "accept", "application", "both"],
        Meta(
            description="Which acknowledgement the receiver is asked for (MSH-15, MSH-16): "
            "`original` neither, `accept` AL and NE, `application` NE and AL, `both` AL and AL."
        ),
    ] = "original"
    files: Annotated[
        bool,
        Meta(
            description="Whether `AA` of this receiver means that the values stand in the journal, "
            "as its supplier has confirmed. Otherwise they are shown as delivered, not as received."
        ),
    ] = False
    repetitions: Annotated[
        bool,
        Meta(
            description="Whether the receiver knows a repetition by MSH-10 and keeps it once, as "
            "the standard has it. Otherwise a message that may have arrived goes to a person."
        ),
    ] = True
    tls: Annotated[
        bool,
        Meta(description="Off only inside this machine or a network of the clinic's own."),
    ] = True
    ca_file: Annotated[str, Meta(description="CA bundle of the receiver's certificate.")] = ""
    client_cert: Annotated[str, Meta(description="Own certificate, if it asks for one.")] = ""
    client_key: Annotated[str, Meta(description="Key of the own certificate.")] = ""
    deadline: Annotated[
        int, Meta(ge=2, le=300, description="Seconds until an acknowledgement counts as lost.")
    ] = 30
    changes: Annotated[
        bool,
        Meta(
            description="Whether the receiver takes corrections by OBX-11; otherwise a person "
            "makes them."
        ),
    ] = False


class Gdt(Struct, frozen=True, forbid_unknown_fields=True):
    """A folder from which the journal fetches GDT 2.1 files."""

    folder: Annotated[str, Meta(min_length=1, description="The folder.")]
    receiver: Annotated[str, Meta(max_length=8, description="Field 8315, as agreed.")] = "JOURNAL"
    sender: Annotated[str, Meta(max_length=8, description="Field 8316.")] = "KIOSK"
    file_name: Annotated[
        str,
        Meta(
            max_length=120,
            description="Name of the files, with `{message}`, `{short}` (20 characters), `{count}` "
            "(001 to 999), `{date}`, `{time}`, `{sender}`, `{receiver}`; empty: `{message}.gdt`.",
        ),
    ] = ""
    requests: Annotated[
        str,
        Meta(
            description="Folder in which the journal leaves its requests (6301, 6302): then its "
            "own patient number and names are used, and nothing is sent without one. Empty: none."
        ),
    ] = ""
    long_numbers: Annotated[
        bool,
        Meta(
            description="Whether field 3000 may hold a national number, which is longer than the "
            "ten characters of GDT 2.1. Only where the journal's supplier says so."
        ),
    ] = False
    characters: Annotated[
        Literal["iso-8859-1", "cp437", "ascii"],
        Meta(description="Character set (field 9206); letters it lacks are spelt otherwise."),
    ] = "iso-8859-1"


class Csv(Struct, frozen=True, forbid_unknown_fields=True):
    """A folder into which a CSV file is put for each visit."""

    folder: Annotated[str, Meta(min_length=1, description="The folder.")]
    fetched: Annotated[
        bool,
        Meta(
            description="Whether the receiver removes what it has read: then a file that is still "
            "there counts as not delivered."
        ),
    ] = False
    file_name: Annotated[
        str,
        Meta(max_length=120, description="As in `[gdt]`; empty: `{message}.csv`."),
    ] = ""
    columns: Annotated[
        tuple[str, ...],
        Meta(description='Columns in their order, `["id", "key", …]`; empty: all of them.'),
    ] = ()
    names: Annotated[
        dict[str, str],
        Meta(description="Headings where they differ from the column's name, as a table."),
    ] = {}
    heading: Annotated[bool, Meta(description="Whether the first line names the columns.")] = True
    separator: Annotated[
        Literal["comma", "semicolon", "tab"], Meta(description="What stands between columns.")
    ] = "comma"
    decimal_comma: Annotated[
        bool, Meta(description="Whether numbers are written with a comma; not with `comma`.")
    ] = False
    encoding: Annotated[
        Literal["utf-8", "utf-8-bom", "iso-8859-1", "windows-1252"],
        Meta(description="Character set; letters it lacks are spelt otherwise."),
    ] = "utf-8"


class Database(Struct, frozen=True, forbid_unknown_fields=True):
    """The encrypted store."""

    key_file: Annotated[
        str,
        Meta(
            description=(
                "File with the 256-bit key as 64 hexadecimal digits, mode 0600; empty: the "
                "systemd credential `kiosk.key`, else `key` beside the store."
            )
        ),
    ] = ""
    keep_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days a value is kept after the journal has it.")
    ] = 30
    keep_delivered_days: Annotated[
        int,
        Meta(
            ge=1,
            le=3650,
            description="Days a value is kept that was only delivered: the receiver's machine took "
            "it, and whether it stands in the journal is not known. Never less than `keep_days`.",
        ),
    ] = 180
    url: Annotated[
        str,
        Meta(
            description="The clinic's own PostgreSQL, where several stations keep what is on its "
            "way together: `postgresql+psycopg://user@host/database?sslmode=verify-full`, without "
            "a password; empty: this station sends by itself."
        ),
    ] = ""
    clinic_id: Annotated[
        str,
        Meta(
            pattern=r"^[a-z0-9\-]{0,40}$",
            description="The clinic's name in identifiers, the same at every station that uses "
            "`url`, and never changed: the journal knows values by it.",
        ),
    ] = ""
    password_file: Annotated[
        str, Meta(description="File with the password for that database; empty: none is needed.")
    ] = ""
    shared_key_file: Annotated[
        str,
        Meta(
            description="File with the clinic's key, the same at every station, with which names, "
            "numbers and messages are sealed in that database."
        ),
    ] = ""


class Watching(Struct, frozen=True, forbid_unknown_fields=True):
    """What those who look after many stations may see: counters and ages, nothing of anybody."""

    listen: Annotated[
        str,
        Meta(
            description="Where `GET /metrics` is answered (OpenMetrics): `127.0.0.1:9435` or "
            "`unix:/run/kiosk/metrics.sock`; empty: nowhere."
        ),
    ] = ""
    status_file: Annotated[
        str, Meta(description="File that is written now and then, as JSON; empty: none.")
    ] = ""
    every: Annotated[
        int, Meta(ge=5, le=3600, description="Seconds between two writings of the file.")
    ] = 60


class DeskTable(Struct, frozen=True, forbid_unknown_fields=True):
    """How the desk behaves."""

    lock_after: Annotated[
        Seconds, Meta(description="Seconds without a touch after which the session locks.")
    ] = 120
    blank_after: Annotated[
        int,
        Meta(
            ge=0,
            le=86400,
            description="Seconds without a touch until the locked screen goes dark, 10 or more; "
            "0: never.",
        ),
    ] = 900


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    station: Station
    scale: Scale | None = None
    length_board: LengthBoard | None = None
    audiometer: Audiometer | None = None
    printer: Printer | None = None
    journal: Journal | None = None
    hl7: Hl7 | None = None
    gdt: Gdt | None = None
    csv: Csv | None = None
    watching: Watching | None = None
    panel: Panel = field(default_factory=Panel)
    database: Database = field(default_factory=Database)
    desk: DeskTable = field(default_factory=DeskTable)
    drivers: Drivers = field(default_factory=Drivers)

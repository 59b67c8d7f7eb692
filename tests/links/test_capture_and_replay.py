import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.capture import (
    Capture,
    CaptureError,
    CaptureRing,
    CaptureWriter,
    Chunk,
    Direction,
    Note,
    read_capture,
    write_capture,
)
from drivers.capture_vectors import bursts, readable, skeleton
from drivers.driver import Line
from drivers.events import LinkState, Reading
from drivers.transports.base import LinkLost, LossCause
from drivers.transports.opening import AddressError, open_transport, tcp_address
from drivers.vector_file import VectorError, read_vectors
from tests.links.line_bench import tiny_driver
from tests.patience import PATIENCE, within

IN, OUT = Direction.IN, Direction.OUT

chunk_lists = st.lists(
    st.builds(
        Chunk,
        t=st.integers(0, 10**9).map(lambda n: n / 1000),
        direction=st.sampled_from(Direction),
        data=st.binary(max_size=40),
    ),
    max_size=20,
)


@given(chunks=chunk_lists)
def test_what_was_captured_is_read_back_unchanged(tmp_path_factory, chunks):
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    write_capture(path, chunks, driver="radwag", started="2026-01-02T09:00:00+00:00")
    assert read_capture(path) == Capture("radwag", "2026-01-02T09:00:00+00:00", tuple(chunks))


def test_a_capture_cut_off_by_a_power_loss_is_read_up_to_the_cut(tmp_path):
    path = tmp_path / "c.jsonl"
    write_capture(path, [Chunk(0.1, IN, b"one"), Chunk(0.2, IN, b"two")])
    path.write_bytes(path.read_bytes()[:-4])
    assert read_capture(path).received() == b"one"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json\n",
        "[]\n",
        '{"capture": 2}\n',
        '{"capture": 1}\n{"t": 1}\n',
        '{"capture": 1}\n{"t": 1, "direction": "up", "hex": ""}\n',
        '{"capture": 1}\n{"t": 1, "direction": "in", "hex": "zz"}\n',
    ],
)
def test_what_is_no_capture_is_refused_by_line_without_quoting_it(tmp_path, text):
    path = tmp_path / "c.jsonl"
    path.write_text(text)
    with pytest.raises(CaptureError, match=r"line \d+: ") as caught:
        read_capture(path)
    assert "zz" not in str(caught.value)


def test_each_line_is_on_its_way_to_the_disk_before_the_next_byte_is_read():
    stream = io.StringIO()
    writer = CaptureWriter(stream, driver="x")
    writer.add(Chunk(1.5, OUT, b"SI\r\n"))
    assert json.loads(stream.getvalue().splitlines()[1]) == {
        "t": 1.5,
        "direction": "out",
        "hex": "53490d0a",
    }


@given(st.lists(st.binary(max_size=300), max_size=100))
def test_a_ring_keeps_the_newest_bytes_and_never_more_than_its_limit(datas):
    ring = CaptureRing(limit=500)
    for number, data in enumerate(datas):
        ring.add(float(number), IN, data)
    kept = b"".join(chunk.data for chunk in ring.chunks())
    assert b"".join(datas).endswith(kept)
    assert sum(len(chunk.data) + 32 for chunk in ring.chunks()) <= 500 + 32
    if datas and datas[-1]:
        assert kept.endswith(datas[-1])


def capture(*chunks: Chunk) -> Capture:
    return Capture("tiny", "2026-01-02T09:00:00+00:00", chunks)


def test_a_request_and_a_silence_part_bursts():
    parts = bursts(
        capture(
            Chunk(0.0, OUT, b"SI"),
            Chunk(0.01, IN, b"a"),
            Chunk(0.02, IN, b"b"),
            Chunk(0.03, OUT, b"SI"),
            Chunk(0.04, IN, b"c"),
            Chunk(0.5, IN, b"d"),
        )
    )
    assert [[chunk.data for chunk in burst] for burst in parts] == [[b"a", b"b"], [b"c"], [b"d"]]


def test_a_skeleton_is_refused_until_a_person_has_filled_it_in(tmp_path):
    path = tmp_path / "tiny.toml"
    text = skeleton(capture(Chunk(0.1, IN, b"4.2"), Chunk(0.11, IN, b"00\r\n")))
    path.write_text(text)
    with pytest.raises(VectorError, match="filled in"):
        read_vectors(path)
    path.write_text(
        text.replace('\nevents = "?"', '\nevents = [{ event = "garbage", bytes = "00" }]').replace(
            '= "?"', '= "seen on the display"'
        )
    )
    vector = read_vectors(path).vectors[0]
    assert vector.chunks == (b"4.2", b"00\r\n")


def test_equal_bursts_become_one_vector(tmp_path):
    chunks = [Chunk(float(n), IN, b"0.000\r\n") for n in range(50)]
    text = skeleton(capture(*chunks, Chunk(99.0, IN, b"4.200\r\n")))
    assert text.count("[[vector]]") == 2
    assert "50 times" in text


@given(chunk_lists)
def test_any_capture_gives_a_file_that_is_refused_only_for_what_is_missing(
    tmp_path_factory, chunks
):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    made = capture(*sorted(chunks, key=lambda chunk: chunk.t))
    path.write_text(skeleton(made))
    if made.received():
        with pytest.raises(VectorError, match="filled in"):
            read_vectors(path)


def test_control_bytes_are_named():
    assert readable(b"\x02SI\x1b\xff\r\n") == "<STX>SI<ESC><ff><CR><LF>"


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "c.jsonl"
    write_capture(
        path,
        [
            Chunk(0.0, OUT, b"ASK\r\n"),
            Chunk(0.0, IN, b"1.000\r\n2.0"),
            Chunk(0.2, IN, b"00\r\n"),
        ],
    )
    return path


def test_a_link_reads_a_replayed_capture_like_the_device(recording, listener):
    link = listener.link(tiny_driver(), f"replay:{recording}")
    link.start()
    listener.weight("2.000")
    link.stop()
    values = [str(e.value) for e in listener.events if isinstance(e, Reading)]
    assert values == ["1.000", "2.000"]
    assert set(listener.states) == {LinkState.OPEN}


def test_a_replay_keeps_the_pace_then_stays_silent(recording):
    port = open_transport(f"replay:{recording}", Line())
    start = time.monotonic()
    assert port.read(PATIENCE) == b"1.000\r\n2.0"
    assert port.read(PATIENCE) == b"00\r\n"
    assert 0.2 <= time.monotonic() - start < within(1.0)
    port.write(b"ASK\r\n")
    assert port.read(0.01) == b""
    port.close()
    with pytest.raises(LinkLost):
        port.read(0.0)


def test_a_missing_or_broken_capture_is_a_loss_with_a_cause(tmp_path):
    with pytest.raises(LinkLost) as caught:
        open_transport(f"replay:{tmp_path}/none", Line())
    assert caught.value.cause is LossCause.ABSENT
    (tmp_path / "bad").write_text("x")
    with pytest.raises(LinkLost) as caught:
        open_transport(f"replay:{tmp_path}/bad", Line())
    assert caught.value.cause is LossCause.IO


@pytest.mark.parametrize("address", ["ttyUSB0", "tcp://host", "tcp://:1", "tcp://host:99999"])
def test_an_address_without_meaning_is_a_mistake_not_a_loss(address):
    with pytest.raises(AddressError):
        open_transport(address, Line())


def test_a_tcp_address_names_host_and_port():
    assert tcp_address("tcp://converter.local:4001") == ("converter.local", 4001)


def test_what_a_person_typed_stands_beside_the_bytes_and_in_the_vector_file(tmp_path):
    path = tmp_path / "c.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        writer = CaptureWriter(stream)
        writer.note(Note(0.5, "0,000 kg"))
        writer.add(Chunk(1.0, IN, b"one"))
        writer.note(Note(2.0, 'skål "4,236" kg\\ #'))
        writer.add(Chunk(3.0, IN, b"two"))
    capture = read_capture(path)
    assert [note.text for note in capture.notes] == ["0,000 kg", 'skål "4,236" kg\\ #']
    assert capture.received() == b"onetwo"
    text = skeleton(capture)
    assert "# one\n# display: 0,000 kg\n" in text
    assert '# two\n# display: sk?l "4,236" kg\\ #\n' in text


def test_a_spoilt_note_is_named_by_its_line(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_text('{"capture": 1}\n{"t": "later", "note": "x"}\n')
    with pytest.raises(CaptureError, match="line 2"):
        read_capture(path)

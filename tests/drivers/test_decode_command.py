import json
import subprocess
import sys

import pytest

from drivers.registry import all_drivers
from drivers.vector_file import FOLDER, VectorError, read_vectors, vectors_for


def decode(*arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "decode", *arguments],
        check=False,
        input=stdin,
        capture_output=True,
    )


CASES = [(key, vector) for key, driver in all_drivers().items() for vector in vectors_for(driver)]


@pytest.mark.parametrize(("key", "vector"), CASES, ids=[f"{key}-{v.id}" for key, v in CASES])
def test_a_vector_through_the_real_command(key, vector):
    chosen = [word for pair in vector.settings.items() for word in ("--set", "=".join(pair))]
    done = decode(key, *chosen, stdin=b"".join(vector.chunks))
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    # A vector file cannot say null.
    told = [{key: value for key, value in line.items() if value is not None} for line in printed]
    assert told == [dict(event) for event in vector.events]


def test_a_file_is_read_like_standard_input(tmp_path):
    data = b"".join(b"".join(vector.chunks) for key, vector in CASES if key == "radwag")
    file = tmp_path / "bytes"
    file.write_bytes(data)
    assert decode("radwag", str(file)).stdout == decode("radwag", stdin=data).stdout


def test_a_file_may_stand_before_or_after_the_settings(tmp_path):
    key, vector = next((key, vector) for key, vector in CASES if vector.settings)
    chosen = [word for pair in vector.settings.items() for word in ("--set", "=".join(pair))]
    file = tmp_path / "bytes"
    file.write_bytes(b"".join(vector.chunks))
    after, before = decode(key, *chosen, str(file)), decode(key, str(file), *chosen)
    assert (after.returncode, after.stdout) == (0, before.stdout)
    assert after.stdout


def test_a_partial_tail_is_garbage():
    done = decode("radwag", stdin=b"SI        4.2")
    assert json.loads(done.stdout) == {"event": "garbage", "bytes": b"SI        4.2".hex()}


def test_bytes_are_decoded_as_they_come():
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "decode", "mt-sics"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        process.stdin.write(b"S S     4.2360 kg\r\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["value"] == "4.2360"
        process.stdin.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["radwagg"], "Mente du «radwag»?"),
        (["radwag", "--set", "unit=kg"], "ingen innstilling «unit»"),
    ],
)
def test_a_wrong_command_line_is_answered_with_a_sentence(arguments, words):
    done = decode(*arguments)
    assert done.returncode == 2
    assert words in done.stderr.decode()


def test_a_missing_file_is_a_sentence():
    done = decode("radwag", "/nowhere/at/all")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_vector_files_are_strict(tmp_path):
    text = (FOLDER / "radwag.toml").read_text()
    for change, words in (
        (text.replace('shows = "moving"', 'show = "moving"', 1), "unknown key show"),
        (text.replace('id = "R2"', 'id = "R1"', 1), "share an id"),
        (text.replace('chunks = ["', 'chunks = ["zz', 1), "hexadecimal"),
        (text.replace('"moving", flags', '"restless", flags', 1), "R2, event 1: 'restless'"),
        (text.replace('unit = "kg", ', "", 1), "R1, event 1: reading lacks unit"),
        (text.replace('reason = "pending"', 'reason = "pending", unit = "kg"', 1), "not know unit"),
        (text.replace('value = "18.5"', 'value = "18,5"', 1), "no number"),
        (text.replace('event = "reading"', 'event = "weight"', 1), "unknown event"),
    ):
        path = tmp_path / "x.toml"
        path.write_text(change)
        with pytest.raises(VectorError, match=words):
            read_vectors(path)

"""`kiosk calibrate --driver taught` with an unknown scale on a line: learned, shared, used."""

from decimal import Decimal

from drivers.contract_samples import read, readings
from drivers.profile_file import read_profile
from drivers.registry import find_driver
from kiosk.__main__ import main
from kiosk.cli import teaching_lines

SAID = ["0,000 kg", "4,236 kg", "1,002 kg", "", "-0,700 kg"]


def line(text, mark="G"):
    value = Decimal(text.split()[0].replace(",", "."))
    return f"X1 {'-' if value < 0 else ' '}{abs(value):>8.3f} kg {mark}\r\n".encode()


class Scale:
    """A line on which a scale sends; reading it takes no time."""

    def __init__(self, *, streams):
        self.streams, self.shows, self.mark, self.left = streams, "0,000 kg", "G", 0

    def put(self, text):
        self.shows, self.left = text, 0 if self.streams else 1

    def read(self, timeout):
        if timeout and self.streams:
            return line(self.shows, self.mark) * 4
        sent, self.left = line(self.shows) * self.left, 0
        return b"" if timeout else sent

    def close(self):
        """Nothing is open."""


def calibrated(monkeypatch, tmp_path, scale, said=SAID):
    given = iter(said)

    def answer(question):
        if "ja/nei" in question:
            return "ja"
        if "Enter mens" in question:
            scale.mark = "?"
            return ""
        text = next(given)
        scale.put(text or scale.shows)
        return text.replace("4,236", "4,236")

    ticks = iter(range(10**6))
    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(teaching_lines.time, "monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr("drivers.transports.opening.open_transport", lambda *_: scale)
    out = tmp_path / "unknown.toml"
    return main(["calibrate", "--driver", "taught", "--port", "x", "--out", str(out)]), out


def told(out, *lines):
    profile = read_profile(out)
    events = read(find_driver(profile.driver), profile.settings, *lines)
    return [(str(r.value), r.unit, r.stability.value) for r in readings(events)]


def test_a_scale_that_streams_is_taught_with_its_word_for_moving(monkeypatch, tmp_path, capsys):
    done, out = calibrated(monkeypatch, tmp_path, Scale(streams=True))
    assert done == 0
    assert told(out, line("8,42"), line("-0,31")) == [
        ("8.420", "kg", "unknown"),
        ("-0.310", "kg", "unknown"),
    ]
    assert told(out, line("8,42", "!")) == []
    assert "{10.3: -}" in capsys.readouterr().out


def test_a_scale_that_sends_once_is_taught_by_the_line_it_had_sent(monkeypatch, tmp_path):
    done, out = calibrated(monkeypatch, tmp_path, Scale(streams=False))
    assert done == 0
    assert told(out, line("8,42")) == [("8.420", "kg", "unknown")]


def test_a_mistyped_display_ends_with_a_sentence_and_no_file(monkeypatch, tmp_path, capsys):
    scale = Scale(streams=True)
    scale.put = lambda text: None
    done, out = calibrated(monkeypatch, tmp_path, scale, ["0,000 kg", "4,263 kg"])
    assert (done, out.exists()) == (1, False)
    assert "ikke det vekten sendte" in capsys.readouterr().err

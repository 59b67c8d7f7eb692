"""What printers say is told apart however it is cut, mixed and disturbed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printers.answers import (
    MAX_BLOCK,
    AnswerReader,
    Block,
    Cleared,
    Flow,
    InOrder,
    Noise,
    ProcessDone,
    RealTime,
    StatusChanged,
)
from drivers.printers.facts import (
    Cover,
    Facts,
    Fault,
    Online,
    Paper,
    facts_of_paper_sensor,
    facts_of_real_time,
)
from drivers.printers.transports import PortStatus

ASB_FINE = b"\x10\x00\x00\x0f"
FINE = Facts(Paper.OK, Cover.CLOSED, Online.ONLINE, Fault.NONE)
EVERYTHING = [
    (b"\x16", RealTime(0x16)),
    (ASB_FINE, StatusChanged(FINE)),
    (b"\x00", InOrder(0)),
    (b"7\x22A1B2\x00", ProcessDone(b"A1B2")),
    (b"7%\x00", Cleared()),
    (b"_TM-T20\x00", Block(0x5F, b"TM-T20")),
    (b"\x13", Flow(ready=False)),
    (b"\x11", Flow(ready=True)),
]


@pytest.mark.parametrize(("raw", "answer"), EVERYTHING)
def test_each_kind_is_recognised(raw, answer):
    assert AnswerReader().feed(raw) == [answer]


@given(st.lists(st.sampled_from(EVERYTHING), max_size=8), st.data())
def test_any_mixture_cut_anywhere_gives_the_same_answers(picked, data):
    stream = b"".join(raw for raw, _ in picked)
    cut = data.draw(st.integers(0, len(stream)))
    reader = AnswerReader()
    assert reader.feed(stream[:cut]) + reader.feed(stream[cut:]) == [a for _, a in picked]


@pytest.mark.parametrize("cut", range(1, 7))
def test_xoff_inside_a_block_does_not_break_it(cut):
    block = b"7\x22A1B2\x00"
    answers = AnswerReader().feed(block[:cut] + b"\x13\x11" + block[cut:])
    assert answers == [Flow(ready=False), Flow(ready=True), ProcessDone(b"A1B2")]


def test_automatic_status_between_answers_is_kept_apart():
    answers = AnswerReader().feed(b"\x12" + b"\x10\x00\x0c\x0f" + b"7\x22A1B2\x00\x0c")
    paper_out = Facts(Paper.OUT, Cover.CLOSED, Online.ONLINE, Fault.NONE)
    assert answers == [
        RealTime(0x12),
        StatusChanged(paper_out),
        ProcessDone(b"A1B2"),
        InOrder(0x0C),
    ]


@given(st.binary(max_size=300))
def test_random_bytes_never_raise_and_the_next_answer_is_still_read(noise):
    reader = AnswerReader()
    reader.feed(noise)
    reader.drop_partial()
    assert reader.feed(b"7\x22A1B2\x00")[-1] == ProcessDone(b"A1B2")


@given(st.binary(max_size=300))
def test_no_byte_is_lost_or_invented(noise):
    reader = AnswerReader()
    answers = reader.feed(noise) + reader.drop_partial()
    lengths = {RealTime: 1, InOrder: 1, Flow: 1, StatusChanged: 4, ProcessDone: 7, Cleared: 3}
    total = sum(
        len(a.raw)
        if isinstance(a, Noise)
        else len(a.body) + 2
        if isinstance(a, Block)
        else lengths[type(a)]
        for a in answers
    )
    assert total == len(noise)


def test_an_endless_block_is_given_up_at_its_limit():
    answers = AnswerReader().feed(b"_" + b"A" * (MAX_BLOCK - 1))
    assert answers == [Noise(b"_" + b"A" * (MAX_BLOCK - 1))]


def test_a_process_answer_of_the_wrong_length_confirms_nothing():
    assert AnswerReader().feed(b"7\x22A1B\x00") == [Noise(b"7\x22A1B\x00")]


@pytest.mark.parametrize(
    ("question", "byte", "facts"),
    [
        (1, 0x12, Facts(online=Online.ONLINE)),
        (1, 0x1A, Facts(online=Online.OFFLINE)),
        (2, 0x12, Facts(cover=Cover.CLOSED)),
        (2, 0x16, Facts(cover=Cover.OPEN)),
        (2, 0x32, Facts(paper=Paper.OUT, cover=Cover.CLOSED)),
        (3, 0x12, Facts(fault=Fault.NONE)),
        (3, 0x1A, Facts(fault=Fault.CUTTER)),
        (3, 0x32, Facts(fault=Fault.HARDWARE)),
        (3, 0x52, Facts(fault=Fault.PASSING)),
        (4, 0x12, Facts(paper=Paper.OK)),
        (4, 0x1E, Facts(paper=Paper.NEAR_END)),
        (4, 0x7E, Facts(paper=Paper.OUT)),
    ],
)
def test_real_time_bits_follow_the_reference(question, byte, facts):
    assert facts_of_real_time(question, byte) == facts


def test_paper_sensor_bits_follow_the_reference():
    assert [facts_of_paper_sensor(b).paper for b in (0, 3, 0x0C, 0x0F)] == [
        Paper.OK,
        Paper.NEAR_END,
        Paper.OUT,
        Paper.OUT,
    ]


def test_the_port_byte_of_the_printer_class():
    assert PortStatus.from_byte(0x18).fine
    empty = PortStatus.from_byte(0x30)
    assert (empty.paper_empty, empty.selected, empty.error, empty.fine) == (
        True,
        True,
        True,
        False,
    )


def test_unknown_is_neither_fine_nor_a_hindrance():
    facts = Facts()
    assert {facts.paper, facts.cover, facts.online, facts.fault} == {"unknown"}
    assert not facts.hindered


def test_newer_facts_go_over_older_but_unknown_erases_nothing():
    assert FINE.updated(Facts(paper=Paper.OUT)).updated(Facts()) == Facts(
        Paper.OUT, Cover.CLOSED, Online.ONLINE, Fault.NONE
    )

"""What is forgotten is gone from every page of the file, free ones too, and from the log."""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kiosk.model.outbox import Done
from kiosk.store.database.opening import FILE_NAME, side_files
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.store.samples import ANNE, NUMBER, message, visit

PAGE, SALT, VECTOR, RESERVED = 4096, 16, 16, 80
"""SQLCipher 4: AES-256 in CBC mode, each page with its own vector and seal at its end."""


def plain_pages(path, key):
    data = path.read_bytes()
    assert len(data) % PAGE == 0
    for start in range(0, len(data), PAGE):
        page = data[start : start + PAGE]
        sealed = page[SALT if start == 0 else 0 : PAGE - RESERVED]
        vector = page[PAGE - RESERVED : PAGE - RESERVED + VECTOR]
        opened = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        yield opened.update(sealed) + opened.finalize()


def found_in(path, key, canary):
    return sum(canary in page for page in plain_pages(path, key))


def test_a_forgotten_visit_is_on_no_page_and_not_in_the_log(tmp_path, key):
    path = tmp_path / FILE_NAME
    store = Store.open(tmp_path, key)
    saved = [visit("Kanarinora") for _ in range(40)]
    for one in saved:
        store.save_visit(one, [message(one, b'{"canary": "Kanarinora"}' * 20)], ANNE)
        item = store.claim(now_utc() + timedelta(seconds=1))
        store.mark_in_flight(item.id)
        store.settle(item.id, Done("Observation/1"), now_utc() - timedelta(days=60))
    waiting = visit("Ventende")
    store.save_visit(waiting, [message(waiting)], ANNE)
    store.close()
    assert found_in(path, key, b"Kanarinora") > 0
    store = Store.open(tmp_path, key)
    assert store.purge(now_utc()) == 40
    assert side_files(path)[0].stat().st_size == 0
    assert found_in(path, key, b"Kanarinora") == 0
    # The number is still there once: with the child that waits.
    assert found_in(path, key, NUMBER.encode()) > 0
    assert found_in(path, key, b"Ventende") > 0
    assert store.visit(waiting.id) == waiting
    store.close()

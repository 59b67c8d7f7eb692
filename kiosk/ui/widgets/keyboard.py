"""The Norwegian letter keyboard: å beside p, ø and æ beside l, and a layer of other letters.

The second layer has the letters of the Sami languages and the commonest others in names of
children born in Norway. A name begins with a capital of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kivy.uix.gridlayout import GridLayout

from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.keypad import BACK, key

COLUMNS = 11
SPACE = " "
LETTERS = ("qwertyuiopå", "asdfghjkløæ", "zxcvbnm")
OTHERS = ("áčđŋšŧžäöüñ", "éèêëíïóòôúç", "łćęśşğ'")


class Keyboard(GridLayout):
    """Calls ``on_key`` with a letter, a space, a hyphen or ``back``."""

    def __init__(self, on_key: Callable[[str], None]) -> None:
        super().__init__(cols=COLUMNS, spacing=theme.mm(theme.TOUCH_GAP))
        self._on_key = on_key
        self._capital = True
        self._others = False
        self._letters: list[PushButton] = []
        for line in LETTERS[:2]:
            self._add_letters(line)
        self._layer = key("", self._switch, test_id="key-layer")
        self.add_widget(self._layer)
        self._add_letters(LETTERS[2])
        self.add_widget(key("-", partial(on_key, "-")))
        self.add_widget(key("", partial(on_key, SPACE), icon="space", test_id="key-space"))
        self.add_widget(key("", partial(on_key, BACK), icon="backspace", test_id=f"key-{BACK}"))
        self._label()

    def capital(self, *, wanted: bool) -> None:
        """Show capitals or small letters."""
        if wanted != self._capital:
            self._capital = wanted
            self._label()

    def _add_letters(self, letters: str) -> None:
        for letter in letters:
            place = len(self._letters)
            button = key(letter, partial(self._type, place))
            self._letters.append(button)
            self.add_widget(button)

    def _type(self, place: int) -> None:
        self._on_key(self._letters[place].label.text)
        if self._others:
            self._switch()

    def _switch(self) -> None:
        self._others = not self._others
        self._label()

    def _label(self) -> None:
        signs = "".join(OTHERS if self._others else LETTERS)
        for button, sign in zip(self._letters, signs, strict=True):
            button.say(sign.upper() if self._capital and len(sign.upper()) == 1 else sign)
        self._layer.say(tr("abc") if self._others else tr("á č ö"))

"""The smallest Kivy application, set up as ours is; prints ``READY`` at its first flip."""

from __future__ import annotations

import os
import tempfile

os.environ.update(
    KIVY_NO_CONFIG="1", KIVY_NO_ARGS="1", KIVY_NO_FILELOG="1", KIVY_LOG_MODE="PYTHON",
    KIVY_HOME=tempfile.mkdtemp(),
)  # fmt: skip

from kivy.config import Config

Config.set("graphics", "multisamples", "0")
Config.set("graphics", "width", "1280")
Config.set("graphics", "height", "800")


def main() -> None:
    """Show one word until killed."""
    from kivy.app import App
    from kivy.core.window import Window
    from kivy.uix.label import Label

    def flipped(*_: object) -> None:
        Window.unbind(on_flip=flipped)
        print("READY", flush=True)

    class Hello(App):
        def build(self) -> Label:
            Window.bind(on_flip=flipped)
            return Label(text="Hello")

    Hello().run()


main()

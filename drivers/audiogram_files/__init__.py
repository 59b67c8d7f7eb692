"""Files of audiograms: bytes in, tones out. No files are opened here, no time is read.

:func:`drivers.audiogram_files.reading.read_file` chooses the format by content.
"""

"""How the station shows a journal who it is: one file for each way."""

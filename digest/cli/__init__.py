"""The command line: arguments in, a job called, words or JSON out."""

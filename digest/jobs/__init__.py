"""One use case, one function: the command line and the web view call the same."""

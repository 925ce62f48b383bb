"""Vietnamese text: normal forms, tokens, sentences, dates, sorting, legacy encodings; pure."""

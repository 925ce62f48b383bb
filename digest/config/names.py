"""The words that sources.yaml may use where there is a choice; tests hold them equal to the plug points'."""

KINDS = ("feed", "listing", "sitemap")
SHOWS = ("full", "lead", "link")
DATES = ("month-first", "day-first")
CADENCES = ("weekly", "monthly")
LETTERHEADS = ("party", "state", "none")
FORMATS = ("html", "pdf", "pdf-large", "docx", "txt", "epub", "script", "email", "eml", "pptx")

"""The pages of readers: search, articles, editions, topics, outlets, calendar."""

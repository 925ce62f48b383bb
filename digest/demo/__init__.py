"""A newsroom and a mailbox on loopback, with articles of our own writing: plainly fictional, never news."""

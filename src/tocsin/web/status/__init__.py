"""The public status page: what it says, as bytes made beforehand, and how it is served when all else is down."""

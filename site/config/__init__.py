"""Settings, URLs and the middleware of the whole site."""

VERSION = "0.1.0"

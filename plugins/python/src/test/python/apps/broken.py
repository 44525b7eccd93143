import no_such_framework  # noqa: F401

"""Applications by several names."""


def _named(name):
    def application(environ, start_response):
        start_response("200 OK", [])
        return [f"{name} {environ['SCRIPT_NAME']} {environ['PATH_INFO']}".encode()]

    return application


app = _named("app")


class Holder:
    inner = _named("inner")

    class deeper:
        app = staticmethod(_named("deeper"))


def make():
    return _named("made")


def make_app():
    return _named("make_app")


def fails():
    raise ValueError("the factory\nfails")


number = 7

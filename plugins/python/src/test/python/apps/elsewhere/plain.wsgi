import helper_beside


def application(environ, start_response):
    start_response("200 OK", [])
    return [helper_beside.TEXT, __name__.encode()]

"""The smallest application: juwsgi --http :8000 --wsgi-file examples/hello/app.py --callable app"""


def app(environ, start_response):
    body = b"Hello World\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]

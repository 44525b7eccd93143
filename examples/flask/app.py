"""A Flask application. In this directory `juwsgi --http :8000` finds it."""

from flask import Flask, Response, jsonify, request, stream_with_context

app = Flask(__name__)


@app.get("/")
def index():
    return "Hello from Flask\n"


@app.get("/greet/<name>")
def greet(name):
    return jsonify(greeting=f"Hello {name}", agent=request.headers.get("User-Agent", ""))


@app.post("/echo")
def echo():
    return Response(request.get_data(), mimetype=request.mimetype or "application/octet-stream")


@app.get("/count")
def count():
    def lines():
        for number in range(int(request.args.get("to", "10"))):
            yield f"{number}\n"

    return Response(stream_with_context(lines()), mimetype="text/plain")


@app.get("/fail")
def fail():
    raise RuntimeError("this view always fails")

"""A server of gRPC whose messages are bytes: grpc_server.py PORT [CERTIFICATE KEY]."""

import sys
import threading
from concurrent import futures

import grpc

cancelled = threading.Semaphore(0)


def unary(request, context):
    sent = dict(context.invocation_metadata())
    context.send_initial_metadata((("x-before", sent.get("x-own", "-")),))
    context.set_trailing_metadata((("x-size", str(len(request))), ("x-raw-bin", b"\x00\xff")))
    return request


def add(requests, context):
    return str(sum(len(one) for one in requests)).encode()


def repeat(request, context):
    for i in range(int(request)):
        yield str(i).encode() + b"x" * 50_000


def chat(requests, context):
    for one in requests:
        yield b"you said " + one


def refuse(request, context):
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not today: \u00fc 100%")


def refuse_stream(requests, context):
    context.abort(grpc.StatusCode.PERMISSION_DENIED, "not you")
    yield b""


def wait(request, context):
    done = threading.Event()
    context.add_callback(lambda: (done.set(), cancelled.release()))
    yield b"begun"
    done.wait()


def cancels(request, context):
    """Waits for the end of a call of wait."""
    return b"seen" if cancelled.acquire(timeout=60) else b"none"


class Handlers(grpc.GenericRpcHandler):
    KINDS = {
        "unary": grpc.unary_unary_rpc_method_handler(unary),
        "add": grpc.stream_unary_rpc_method_handler(add),
        "repeat": grpc.unary_stream_rpc_method_handler(repeat),
        "chat": grpc.stream_stream_rpc_method_handler(chat),
        "refuse": grpc.unary_unary_rpc_method_handler(refuse),
        "refuse_stream": grpc.stream_stream_rpc_method_handler(refuse_stream),
        "wait": grpc.unary_stream_rpc_method_handler(wait),
        "cancels": grpc.unary_unary_rpc_method_handler(cancels),
    }

    def service(self, call):
        return self.KINDS.get(call.method.rpartition("/")[2])


server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
server.add_generic_rpc_handlers((Handlers(),))
address = "127.0.0.1:" + sys.argv[1]
if len(sys.argv) > 2:
    with open(sys.argv[2], "rb") as certificate, open(sys.argv[3], "rb") as key:
        pair = ((key.read(), certificate.read()),)
    server.add_secure_port(address, grpc.ssl_server_credentials(pair))
else:
    server.add_insecure_port(address)
server.start()
server.wait_for_termination()

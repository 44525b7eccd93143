"""Calls everything of grpc_server.py and prints what a client sees: grpc_client.py HOST:PORT [AUTHORITIES]."""

import queue
import sys

import grpc

TIMEOUT = 60

if len(sys.argv) > 2:
    with open(sys.argv[2], "rb") as authorities:
        channel = grpc.secure_channel(sys.argv[1], grpc.ssl_channel_credentials(authorities.read()))
else:
    channel = grpc.insecure_channel(sys.argv[1])


def own(metadata):
    return sorted((key, value) for key, value in metadata if key.startswith("x-"))


def failure(call):
    try:
        call()
        return "no failure"
    except grpc.RpcError as error:
        return f"{error.code().name}: {error.details()}"


# One message each way, with metadata before and behind the answer.
for size in (0, 5, 3_000_000):
    unary = channel.unary_unary("/test.Service/unary")
    answer, call = unary.with_call(b"m" * size, metadata=(("x-own", "told"),), timeout=TIMEOUT)
    print("unary", size, len(answer), own(call.initial_metadata()), own(call.trailing_metadata()))

print("add", channel.stream_unary("/test.Service/add")((b"p" * 40_000 for _ in range(50)), timeout=TIMEOUT).decode())

parts = [len(part) for part in channel.unary_stream("/test.Service/repeat")(b"200", timeout=TIMEOUT)]
print("repeat", len(parts), sum(parts))

# What is said next depends on the answer.
said = queue.SimpleQueue()
chat = channel.stream_stream("/test.Service/chat")(iter(said.get, None), timeout=TIMEOUT)
for word in (b"one", b"two", b"three"):
    said.put(word)
    print("chat", next(chat).decode())
said.put(None)
print("chat", list(chat), chat.code().name)

print("refuse", failure(lambda: channel.unary_unary("/test.Service/refuse")(b"", timeout=TIMEOUT)))
print("nothing", failure(lambda: channel.unary_unary("/test.Service/nothing")(b"", timeout=TIMEOUT)))

# An error while the client has not said all.
unsaid = queue.SimpleQueue()
refused = channel.stream_stream("/test.Service/refuse_stream")(iter(unsaid.get, None), timeout=TIMEOUT)
print("refuse_stream", failure(lambda: next(refused)))
unsaid.put(None)

waits = channel.unary_stream("/test.Service/wait")(b"", timeout=TIMEOUT)
print("wait", next(waits).decode())
waits.cancel()
print("cancel", failure(lambda: next(waits)).partition(":")[0])
print("cancels", channel.unary_unary("/test.Service/cancels")(b"", timeout=TIMEOUT).decode())

late = channel.unary_stream("/test.Service/wait")(b"", timeout=1)
print("late", failure(lambda: list(late)).partition(":")[0])
print("cancels", channel.unary_unary("/test.Service/cancels")(b"", timeout=TIMEOUT).decode())

"""The twin of node-runtime.cjs: the same events, the same reports, for a handler in Python."""

import sys
import time

started_at = time.perf_counter()
import json
import os
from types import SimpleNamespace

bundle, event_file, *more = sys.argv[1:]


def report(value):
    os.write(3, (json.dumps(value) + "\n").encode())


sys.path.insert(0, bundle)
loaded_from = time.perf_counter()
from handler import handler

init_ms = (time.perf_counter() - loaded_from) * 1000
calls = 0


def context_for(request_id):
    deadline = time.time() + 29
    return SimpleNamespace(
        aws_request_id=request_id,
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        function_version="$LATEST",
        memory_limit_in_mb="512",
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:bench",
        get_remaining_time_in_millis=lambda: int((deadline - time.time()) * 1000),
    )


def invoke(template, token):
    global calls
    calls += 1
    request_id = f"bench-{calls:010}"  # As long as API Gateway's own.
    event = {
        **template,
        "headers": {**template["headers"], "authorization": f"Bearer {token}"},
        "requestContext": {**template["requestContext"], "requestId": request_id},
    }
    return handler(event, context_for(request_id))


def check(result, expected):
    status, length = result["statusCode"], len(result.get("body") or "")
    if (status, length) != (expected["status"], expected["length"]):
        raise RuntimeError(f"{expected} were due, not {status} with {length}: {result['body'][:300]}")


def measure(command, tokens):
    latencies_ms = []
    cpu_before = time.process_time()
    for _ in range(command["count"]):
        called = time.perf_counter()
        result = invoke(command["event"], command.get("token") or tokens[calls % len(tokens)])
        latencies_ms.append((time.perf_counter() - called) * 1000)
        check(result, command["expected"])
        if command.get("restMs"):
            time.sleep(command["restMs"] / 1000)
    cpu, busy_ms = time.process_time() - cpu_before, sum(latencies_ms)
    count = command["count"]
    latencies_ms.sort()
    return {
        "cpuUs": cpu * 1e6 / count,
        "p50Ms": latencies_ms[min(count - 1, int(count * 0.5))],
        "p99Ms": latencies_ms[min(count - 1, int(count * 0.99))],
        "requestsPerSecond": count * 1000 / busy_ms,
    }


def memory():
    import gc

    gc.collect()
    with open("/proc/self/statm") as statm:
        return {"rssBytes": int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")}


def serve(tokens):
    for line in sys.stdin:
        command = json.loads(line)
        try:
            if command["kind"] == "memory":
                report(memory())
            elif command["kind"] == "body":
                report(invoke(command["event"], command["token"]))
            else:
                report(measure(command, tokens))
        except Exception as error:
            report({"error": repr(error)})


with open(event_file) as file:
    first = json.load(file)
check(invoke(first["event"], first["token"]), first["expected"])
report(
    {
        "initMs": init_ms,
        "firstMs": (time.perf_counter() - started_at) * 1000,
        "modules": {"builtIn": 0, "files": len(sys.modules)},
    }
)
if more:
    with open(more[0]) as file:
        serve(json.load(file))

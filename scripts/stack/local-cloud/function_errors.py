"""The name of the error that a function of Node throws: MiniStack calls each of them Runtime.HandlerError.

AWS reports it as the errorType. Workflows of Step Functions decide by it whether to retry, and what to do next.
"""

import threading

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

invoke_of_ministack = lambda_runtime.Worker.invoke
execute_of_ministack = lambda_svc._execute_function_warm

MESSAGE_OF_MINISTACK = 'status: "error", error: String(err.message || err),'
MESSAGE = MESSAGE_OF_MINISTACK + ' error_type: String(err.name || "Error"),'

latest = threading.local()


def invoke(worker, *args, **kwargs):
    response = invoke_of_ministack(worker, *args, **kwargs)
    latest.error_type = response.get("error_type")
    return response


def execute_function_warm(*args, **kwargs):
    latest.error_type = None
    result = execute_of_ministack(*args, **kwargs)
    if result.get("error") and latest.error_type:
        result["body"]["errorType"] = latest.error_type
    return result


def install():
    lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace(MESSAGE_OF_MINISTACK, MESSAGE)
    lambda_runtime.Worker.invoke = invoke
    lambda_svc._execute_function_warm = execute_function_warm

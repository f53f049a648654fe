import io
import unittest
import zipfile

import function_errors
from ministack.core import lambda_runtime
from ministack.services import lambda_svc

CODE = """
exports.handler = async (event) => {
  if (event.fails) throw Object.assign(new Error('sold out'), { name: 'OutOfStock' });
  return event;
};
"""


def function():
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("index.js", CODE)
    arn = "arn:aws:lambda:us-east-1:000000000000:function:stock"
    config = {"FunctionName": "stock", "FunctionArn": arn, "Runtime": "nodejs22.x", "Handler": "index.handler"}
    return {"config": config, "code_zip": zipped.getvalue()}


class FunctionErrors(unittest.TestCase):
    def setUp(self):
        self.script = lambda_runtime._NODEJS_WORKER_SCRIPT

    def tearDown(self):
        lambda_runtime.reset()
        lambda_runtime._NODEJS_WORKER_SCRIPT = self.script
        lambda_runtime.Worker.invoke = function_errors.invoke_of_ministack
        lambda_svc._execute_function_warm = function_errors.execute_of_ministack

    def test_have_the_name_of_what_was_thrown(self):
        function_errors.install()
        failed = lambda_svc._execute_function_warm(function(), {"fails": True}, "1")
        self.assertEqual(failed["body"], {"errorMessage": "sold out", "errorType": "OutOfStock"})
        self.assertEqual(lambda_svc._execute_function_warm(function(), {"a": 1}, "2")["body"], {"a": 1})

    def test_are_still_without_it_in_ministack(self):
        failed = lambda_svc._execute_function_warm(function(), {"fails": True}, "1")
        self.assertEqual(failed["body"]["errorType"], "Runtime.HandlerError")


if __name__ == "__main__":
    unittest.main()

"""One key for the account's root, whose signatures are checked against the stack's secret."""

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import lambda_svc, sts

is_root_access_key_of_ministack = iam_evaluator.is_root_access_key
execution_credentials_of_ministack = lambda_runtime.execution_credentials
reset_of_ministack = sts.reset
enforce_of_ministack = iam_evaluator.enforce


def install(key_id, secret, account_id):
    """MiniStack takes no key, `test` and any twelve digits for the account's root, and checks no signature of theirs.

    Here they are unknown keys, and the root's is a session that does not end: MiniStack checks those as AWS does.
    """

    def register():
        sts.register_session(
            key_id,
            {"Arn": f"arn:aws:iam::{account_id}:root", "UserId": account_id, "SecretAccessKey": secret},
        )

    def reset():
        reset_of_ministack()
        register()

    iam_evaluator.is_root_access_key = sts.is_root_access_key = lambda _key_id: False
    iam_evaluator.enforce = enforce
    sts.reset = reset
    register()
    lambda_runtime.execution_credentials = lambda_svc.execution_credentials = execution_credentials_with(secret)


def enforce(access_key_id, iam_action, service, *others, **more):
    """What AWS serves without a signature, such as AssumeRoleWithWebIdentity, MiniStack lets pass as the root's."""
    if iam_evaluator._anonymous.get() and iam_evaluator._served_unsigned(service, iam_action):
        return None
    return enforce_of_ministack(access_key_id, iam_action, service, *others, **more)


def execution_credentials_with(secret):
    """MiniStack derives the credentials of a function from the names of the function and its role, which anyone may know.

    Of the role it reads the name behind the last slash alone, and hashes the whole.
    """

    def execution_credentials(config):
        role_name = config.get("Role", "").rsplit("/", 1)[-1]
        return execution_credentials_of_ministack({**config, "Role": f"{secret}/{role_name}"})

    return execution_credentials


def uninstall():
    iam_evaluator.is_root_access_key = sts.is_root_access_key = is_root_access_key_of_ministack
    iam_evaluator.enforce = enforce_of_ministack
    sts.reset = reset_of_ministack
    lambda_runtime.execution_credentials = execution_credentials_of_ministack
    lambda_svc.execution_credentials = execution_credentials_of_ministack
    sts.reset()

"""Real point-in-time recovery: MiniStack's own copies the current table.

Each write records the previous value in a journal in memory, and a restore undoes the later writes. It reaches back
to the emulator's start, or as far as the journal's length allows.
"""

import copy
import json
import time
from collections import deque

from ministack.core.responses import error_response_json
from ministack.services import dynamodb

MAX_ENTRIES = 100_000

set_item_of_ministack = dynamodb._set_item
remove_item_of_ministack = dynamodb._remove_item
restore_of_ministack = dynamodb._restore_table_to_point_in_time


class Journal:
    def __init__(self, max_entries=MAX_ENTRIES):
        self.entries = deque()
        self.max_entries = max_entries
        self.earliest = time.time()

    def note(self, table, pk, sk):
        before = table["items"].get(pk, {}).get(sk)
        self.entries.append((time.time(), table["TableArn"], pk, sk, copy.deepcopy(before)))
        if len(self.entries) > self.max_entries:
            self.earliest = self.entries.popleft()[0]

    def items_at(self, at, table):
        items = copy.deepcopy(dict(table["items"]))
        for when, arn, pk, sk, before in reversed(self.entries):
            if when <= at:
                break
            if arn != table["TableArn"]:
                continue
            if before is None:
                items.get(pk, {}).pop(sk, None)
            else:
                items.setdefault(pk, {})[sk] = copy.deepcopy(before)
        return {pk: by_sk for pk, by_sk in items.items() if by_sk}


journal = Journal()


def set_item(table, pk_val, sk_val, item):
    journal.note(table, pk_val, sk_val)
    return set_item_of_ministack(table, pk_val, sk_val, item)


def remove_item(table, pk_val, sk_val):
    journal.note(table, pk_val, sk_val)
    return remove_item_of_ministack(table, pk_val, sk_val)


def restore_table_to_point_in_time(data):
    name = data.get("SourceTableName") or dynamodb._normalize_table_name(data.get("SourceTableArn") or "")
    source = dynamodb._tables.get(name)
    if source is None:
        return restore_of_ministack(data)
    if not dynamodb._pitr_settings.get(name, False):
        return error_response_json(
            "PointInTimeRecoveryUnavailableException", f"Point in time recovery is not enabled for table '{name}'", 400
        )
    at = data.get("RestoreDateTime") or time.time()
    if not journal.earliest <= at <= time.time():
        return error_response_json(
            "InvalidRestoreTimeException", "The restore time is outside of the recoverable window", 400
        )
    items = journal.items_at(at, source)
    status, headers, body = restore_of_ministack(data)
    if status != 200:
        return status, headers, body
    target = dynamodb._tables[data["TargetTableName"]]
    target["items"].clear()
    target["items"].update(items)
    dynamodb._items_replaced(target)
    description = json.loads(body)["TableDescription"]
    summary = {"SourceTableArn": source["TableArn"], "RestoreDateTime": at, "RestoreInProgress": False}
    return status, headers, json.dumps({"TableDescription": {**description, "RestoreSummary": summary}}).encode()


def install():
    dynamodb._set_item = set_item
    dynamodb._remove_item = remove_item
    dynamodb._restore_table_to_point_in_time = restore_table_to_point_in_time


def uninstall():
    dynamodb._set_item = set_item_of_ministack
    dynamodb._remove_item = remove_item_of_ministack
    dynamodb._restore_table_to_point_in_time = restore_of_ministack

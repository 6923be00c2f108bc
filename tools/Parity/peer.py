"""
Runs scripts of this folder one after another in one interpreter: importing torch and torchvision takes longer than most scripts.
Reads requests from standard input, one JSON line {"script": PATH, "arguments": [...]} each, and answers each with one JSON line
{"exitCode", "output", "errors"} on standard output. It ends when its input ends, even during a script.
"""
import contextlib
import ctypes
import faulthandler
import gc
import io
import json
import os
import queue
import runpy
import sys
import threading
import traceback
import warnings

import torch
import torchvision  # noqa: F401 (here, so that no script waits for it)

import common  # noqa: F401 (sets the number of threads)

# Interpreter-wide state that a script may change, as functions to read and to restore it.
STATE = [
    (torch.get_rng_state, torch.set_rng_state),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.get_num_threads, torch.set_num_threads),
    (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    (os.getcwd, os.chdir),
    (lambda: sys.path[:], lambda path: sys.path.__setitem__(slice(None), path)),
    (lambda: sys.argv, lambda arguments: setattr(sys, "argv", arguments)),
]


def run(script, arguments):
    """Runs a script as a separate program; returns its exit code, standard output and standard error."""
    before = [read() for read, _ in STATE]
    output, errors, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors), warnings.catch_warnings():
        sys.argv = [script, *arguments]
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as end:
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            traceback.print_exc()
            code = 1
    for (_, put_back), value in zip(STATE, before):
        put_back(value)
    return {"exitCode": code, "output": output.getvalue(), "errors": errors.getvalue()}


def read_requests(stream, requests):
    """Waits for requests while a script runs, so that the end of the input is noticed at once."""
    for line in stream:
        requests.put(line)
    os._exit(0)


def main():
    faulthandler.enable()
    # Keeps what scripts and libraries read or write away from requests and answers.
    stream, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    requests = queue.Queue()
    threading.Thread(target=read_requests, args=(stream, requests), daemon=True).start()
    libc = ctypes.CDLL(None)
    while True:
        request = json.loads(requests.get())
        answer = run(request["script"], request["arguments"])
        # A script's modules have reference cycles; return their memory to the system, not only to the allocator.
        gc.collect()
        libc.malloc_trim(0)
        print(json.dumps(answer), file=answers, flush=True)


main()

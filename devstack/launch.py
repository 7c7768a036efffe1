"""Become another program that cannot outlive its parent; run as a script by `devstack.supervisor`.

    launch.py PARENT DEATH_SIGNAL IDENTITY PROGRAM ARGUMENT…

PARENT is the process id that must still be the parent. DEATH_SIGNAL is the number of the signal the kernel sends when
that parent dies, however it dies. IDENTITY is `self`, `namespace` or `nobody`; PostgreSQL refuses to run as root, and
`namespace` keeps root's files but shows the program another user, while `nobody` gives up root for good.

A program of its own, because what it does between fork and exec is not safe in a process that has threads.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
NEW_USER_NAMESPACE = 0x10000000  # CLONE_NEWUSER


def main(arguments: list[str]) -> None:
    """Take the identity, tie the process to its parent, become the program."""
    parent, death_signal, identity, *program = arguments
    if identity == "namespace":
        enter_user_namespace()
    elif identity == "nobody":
        become_nobody()
    # Last, because the kernel forgets the signal when the identity changes.
    if sys.platform == "linux":
        call_kernel("prctl", SET_PARENT_DEATH_SIGNAL, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        raise SystemExit("The parent was gone before the program could start.")
    os.execvp(program[0], program)


def enter_user_namespace() -> None:
    """Look like `nobody` to the program, and still own what the user at the terminal owns."""
    nobody, user, group = pwd.getpwnam("nobody"), os.geteuid(), os.getegid()
    call_kernel("unshare", NEW_USER_NAMESPACE)
    for name, content in [
        ("setgroups", "deny"),
        ("uid_map", f"{nobody.pw_uid} {user} 1"),
        ("gid_map", f"{nobody.pw_gid} {group} 1"),
    ]:
        Path(f"/proc/self/{name}").write_text(content)


def become_nobody() -> None:
    """Give up root for the user `nobody`."""
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def call_kernel(function: str, *arguments: int) -> None:
    """One C library call.

    Raises:
        OSError: The kernel refused.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")


if __name__ == "__main__":
    main(sys.argv[1:])

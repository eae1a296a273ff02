"""The system calls a worker may not make, as a seccomp filter in classic BPF.

Landlock says which files can be opened. It does not say who may be signalled, whose limits may be changed, whether
an original's mode and time stamps may be changed through its read-only handle, or whether memory may be taken
outside a process's own limit. Those calls are refused here, with EPERM.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

_PR_SET_SECCOMP, _SECCOMP_FILTER = 22, 2
_LOAD, _IS, _AT_LEAST, _HAS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050001, 0x00050026  # EPERM; ENOSYS, upon which libraries take the older call
_CLONE_THREAD, _X32 = 0x00010000, 0x40000000

_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

_NETWORK = {"socket": (41, 198), "io_uring_setup": (425, 425)}
_OTHERS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "setpriority": (141, 140),
    "setsid": (112, 157), "setpgid": (109, 154),
}  # fmt: skip
_MEMORY_OUTSIDE_THE_LIMIT = {
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195),
    "semget": (64, 190), "semctl": (66, 191), "msgget": (68, 186), "msgctl": (71, 187), "mq_open": (240, 180),
}  # fmt: skip
_MODES_AND_TIMES = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "setxattrat": (463, 463),
    "removexattrat": (466, 466), "truncate": (76, 45),
}  # fmt: skip
_RIGHTS = {
    "mount": (165, 40), "umount2": (166, 39), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268), "unshare": (272, 97), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "open_by_handle_at": (304, 265),
}  # fmt: skip
_PROGRAMS = {"execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None)}
_CLONE, _CLONE3, _PRLIMIT, _TGKILL = (56, 220), (435, 435), (302, 261), (234, 131)

Step = tuple[int, int, int, int]


def refuse_calls(*, programs: bool) -> bool:
    """Put the filter in force in this thread, for good; False where machine or kernel offer none.

    Args:
        programs: whether it may start other programs. Without, it can neither fork nor execute; threads it may.
    """
    if platform.machine() not in _MACHINES:
        return False
    steps = _steps(*_MACHINES[platform.machine()], programs=programs)
    program = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *step) for step in steps))
    header = struct.pack("@HP", len(steps), ctypes.addressof(program))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, header, 0, 0) == 0)


def _steps(architecture: int, column: int, *, programs: bool) -> list[Step]:
    refused = _NETWORK | _OTHERS | _MEMORY_OUTSIDE_THE_LIMIT | _MODES_AND_TIMES | _RIGHTS
    if not programs:
        refused |= _PROGRAMS
    steps: list[Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE), (_IS, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSE),
    ]  # fmt: skip
    for numbers in refused.values():
        if (number := numbers[column]) is not None:
            steps += [(_IS, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    steps += _only_if(_PRLIMIT[column], _IS, 0)
    steps += _only_if(_TGKILL[column], _IS, os.getpid())
    if not programs:
        steps += _only_if(_CLONE[column], _HAS, _CLONE_THREAD)
        steps += [(_IS, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _UNKNOWN)]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def _only_if(number: int, test: int, value: int) -> list[Step]:
    """Let a call through only if its first argument passes a test."""
    return [(_IS, 0, 4, number), (_LOAD, 0, 0, _FIRST_ARGUMENT), (test, 0, 1, value), (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE)]  # fmt: skip

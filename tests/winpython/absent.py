"""What wine 8 lacks and psutil asks for; `bed` writes this at the end of its module for Windows."""


def _file_of(pid):
    """The file that a process runs, as wine can tell it."""
    import ctypes
    from ctypes import wintypes
    kernel = ctypes.WinDLL('kernel32', use_last_error=True)
    kernel.OpenProcess.restype = wintypes.HANDLE
    handle = wintypes.HANDLE(kernel.OpenProcess(0x1000, False, pid))
    if not handle:
        raise ctypes.WinError(ctypes.get_last_error())
    text, size = ctypes.create_unicode_buffer(32768), wintypes.DWORD(32768)
    kernel.QueryFullProcessImageNameW(handle, 0, text, ctypes.byref(size))
    kernel.CloseHandle(handle)
    return text.value


cext.proc_exe = _file_of  # noqa: F821

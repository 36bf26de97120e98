"""The getters about memory: what belongs to the GPU, and the BAR1 window through which the host sees it.

Numbers are bytes. All parts of a tuple are of one call of the driver.
"""

from __future__ import annotations

from nvitop.api._device_read import Reader
from nvitop.api._device_types import MemoryInfo
from nvitop.api.utils import NA, NaType, bytes2human, percent

__all__ = ['MemoryGetters']


class MemoryGetters(Reader):
    """What a device tells about memory."""

    _memory_total: int | NaType = NA
    """The last one that was known."""

    def memory_info(self) -> MemoryInfo:
        """Memory in one tuple.

        Returns
        -------
        MemoryInfo
            total, free, used, reserved in bytes, each ``NA`` by itself. `used` is without `reserved`, which is
            what the driver keeps for itself (``NA`` where it does not tell the two apart).
            On boards that share the host's memory, the total is that of the host, free what the host has
            available, and used the sum over the GPU's processes.
            Source: nvmlDeviceGetMemoryInfo_v2, else nvmlDeviceGetMemoryInfo.
        """
        infos: MemoryInfo = self._get('memory_info')
        return infos

    def memory_total(self) -> int | NaType:
        """The size of the memory.

        Returns
        -------
        int or NaType
            Bytes, also after the GPU was lost; ``NA`` where the driver has no number for it.
            Source: nvmlDeviceGetMemoryInfo_v2, else nvmlDeviceGetMemoryInfo.
        """
        if isinstance(self._memory_total, NaType):
            self._memory_total = self.memory_info().total
        return self._memory_total

    def memory_used(self) -> int | NaType:
        """The used part of the memory.

        Returns
        -------
        int or NaType
            Bytes, without what the driver keeps for itself; ``NA`` where the driver has no number for it.
            Source: nvmlDeviceGetMemoryInfo_v2, else nvmlDeviceGetMemoryInfo.
        """
        return self.memory_info().used

    def memory_free(self) -> int | NaType:
        """The free part of the memory.

        Returns
        -------
        int or NaType
            Bytes; ``NA`` where the driver has no number for it.
            Source: nvmlDeviceGetMemoryInfo_v2, else nvmlDeviceGetMemoryInfo.
        """
        return self.memory_info().free

    def memory_total_human(self) -> str | NaType:
        """The size of the memory, for people.

        Returns
        -------
        str or NaType
            Such as ``'967MiB'``; ``NA`` where the number is not available.
        """
        return bytes2human(self.memory_total())

    def memory_used_human(self) -> str | NaType:
        """The used part of the memory, for people.

        Returns
        -------
        str or NaType
            Such as ``'967MiB'``; ``NA`` where the number is not available.
        """
        return bytes2human(self.memory_used())

    def memory_free_human(self) -> str | NaType:
        """The free part of the memory, for people.

        Returns
        -------
        str or NaType
            Such as ``'967MiB'``; ``NA`` where the number is not available.
        """
        return bytes2human(self.memory_free())

    def memory_percent(self) -> float | NaType:
        """The used part of the memory in per cent.

        Returns
        -------
        float or NaType
            Of the total, with one decimal; ``NA`` where one of them is not available.
        """
        info = self.memory_info()
        return percent(info.used, info.total)

    def memory_usage(self) -> str:
        """The used part and the size of the memory, for people.

        Returns
        -------
        str
            Such as ``'1041MiB / 11019MiB'``, with ``N/A`` in place of what is not available.
        """
        return f'{self.memory_used_human()} / {self.memory_total_human()}'

    def bar1_memory_info(self) -> MemoryInfo:
        """BAR1 window in one tuple.

        Returns
        -------
        MemoryInfo
            total, free and used in bytes, each ``NA`` by itself; `reserved` is ``NA``.
            Source: nvmlDeviceGetBAR1MemoryInfo.
        """
        infos: MemoryInfo = self._get('bar1_memory_info')
        return infos

    def bar1_memory_total(self) -> int | NaType:
        """The size of the BAR1 window.

        Returns
        -------
        int or NaType
            Bytes; ``NA`` where the driver has no number for it.
            Source: nvmlDeviceGetBAR1MemoryInfo.
        """
        return self.bar1_memory_info().total

    def bar1_memory_used(self) -> int | NaType:
        """The used part of the BAR1 window.

        Returns
        -------
        int or NaType
            Bytes, the mapped part; ``NA`` where the driver has no number for it.
            Source: nvmlDeviceGetBAR1MemoryInfo.
        """
        return self.bar1_memory_info().used

    def bar1_memory_free(self) -> int | NaType:
        """The free part of the BAR1 window.

        Returns
        -------
        int or NaType
            Bytes; ``NA`` where the driver has no number for it.
            Source: nvmlDeviceGetBAR1MemoryInfo.
        """
        return self.bar1_memory_info().free

    def bar1_memory_total_human(self) -> str | NaType:
        """The size of the BAR1 window, for people.

        Returns
        -------
        str or NaType
            Such as ``'967MiB'``; ``NA`` where the number is not available.
        """
        return bytes2human(self.bar1_memory_total())

    def bar1_memory_used_human(self) -> str | NaType:
        """The used part of the BAR1 window, for people.

        Returns
        -------
        str or NaType
            Such as ``'967MiB'``; ``NA`` where the number is not available.
        """
        return bytes2human(self.bar1_memory_used())

    def bar1_memory_free_human(self) -> str | NaType:
        """The free part of the BAR1 window, for people.

        Returns
        -------
        str or NaType
            Such as ``'967MiB'``; ``NA`` where the number is not available.
        """
        return bytes2human(self.bar1_memory_free())

    def bar1_memory_percent(self) -> float | NaType:
        """The used part of the BAR1 window in per cent.

        Returns
        -------
        float or NaType
            Of the total, with one decimal; ``NA`` where one of them is not available.
        """
        info = self.bar1_memory_info()
        return percent(info.used, info.total)

    def bar1_memory_usage(self) -> str:
        """The used part and the size of the BAR1 window, for people.

        Returns
        -------
        str
            Such as ``'1041MiB / 11019MiB'``, with ``N/A`` in place of what is not available.
        """
        return f'{self.bar1_memory_used_human()} / {self.bar1_memory_total_human()}'

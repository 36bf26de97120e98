"""The getters about load and clocks: how busy a device is, and how fast it runs."""

from __future__ import annotations

from nvitop.api._device_read import Reader
from nvitop.api._device_types import ClockInfos, ClockSpeedInfos, UtilizationRates
from nvitop.api.utils import NaType

__all__ = ['LoadGetters']


class LoadGetters(Reader):
    """What a device tells about load and clocks."""

    def utilization_rates(self) -> UtilizationRates:
        """How busy the device is, in one tuple.

        Returns
        -------
        UtilizationRates
            gpu, memory, encoder, decoder in per cent of the last sample period, each ``NA`` by itself.
            Source: nvmlDeviceGetUtilizationRates, nvmlDeviceGetEncoderUtilization,
            nvmlDeviceGetDecoderUtilization.
        """
        infos: UtilizationRates = self._get('utilization_rates')
        return infos

    def gpu_utilization(self) -> int | NaType:
        """The share of the last sample period in which a kernel ran.

        Returns
        -------
        int or NaType
            Per cent; ``NA`` where the device does not tell, as GPUs in MIG mode.
            Source: nvmlDeviceGetUtilizationRates.
        """
        return self._number('gpu_utilization')

    gpu_percent = gpu_utilization

    def memory_utilization(self) -> int | NaType:
        """The share of the last sample period in which device memory was read or written.

        Returns
        -------
        int or NaType
            Per cent; ``NA`` where the device does not tell. Not the used part: that is `memory_percent`.
            Source: nvmlDeviceGetUtilizationRates.
        """
        return self._number('memory_utilization')

    def encoder_utilization(self) -> int | NaType:
        """The load of the video encoder.

        Returns
        -------
        int or NaType
            Per cent; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetEncoderUtilization.
        """
        return self._number('encoder_utilization')

    def decoder_utilization(self) -> int | NaType:
        """The load of the video decoder.

        Returns
        -------
        int or NaType
            Per cent; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetDecoderUtilization.
        """
        return self._number('decoder_utilization')

    def clock_infos(self) -> ClockInfos:
        """The clocks of now, in one tuple.

        Returns
        -------
        ClockInfos
            graphics, sm, memory, video in MHz, each ``NA`` by itself.
            Source: nvmlDeviceGetClockInfo.
        """
        infos: ClockInfos = self._get('clock_infos')
        return infos

    clocks = clock_infos

    def max_clock_infos(self) -> ClockInfos:
        """The highest clocks, in one tuple.

        Returns
        -------
        ClockInfos
            graphics, sm, memory, video in MHz, each ``NA`` by itself.
            Source: nvmlDeviceGetMaxClockInfo.
        """
        infos: ClockInfos = self._get('max_clock_infos')
        return infos

    max_clocks = max_clock_infos

    def clock_speed_infos(self) -> ClockSpeedInfos:
        """The clocks of now and the highest ones.

        Returns
        -------
        ClockSpeedInfos
            Two tuples of MHz, as `clock_infos` and `max_clock_infos` give them, each ``NA`` by itself.
        """
        return ClockSpeedInfos(current=self.clock_infos(), max=self.max_clock_infos())

    def graphics_clock(self) -> int | NaType:
        """The graphics clock of now.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetClockInfo.
        """
        return self._number('graphics_clock')

    def sm_clock(self) -> int | NaType:
        """The clock of the multiprocessors of now.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetClockInfo.
        """
        return self._number('sm_clock')

    def memory_clock(self) -> int | NaType:
        """The memory clock of now.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetClockInfo.
        """
        return self._number('memory_clock')

    def video_clock(self) -> int | NaType:
        """The clock of the video engines of now.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetClockInfo.
        """
        return self._number('video_clock')

    def max_graphics_clock(self) -> int | NaType:
        """The highest graphics clock.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetMaxClockInfo.
        """
        return self._number('max_graphics_clock')

    def max_sm_clock(self) -> int | NaType:
        """The highest clock of the multiprocessors.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetMaxClockInfo.
        """
        return self._number('max_sm_clock')

    def max_memory_clock(self) -> int | NaType:
        """The highest memory clock.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetMaxClockInfo.
        """
        return self._number('max_memory_clock')

    def max_video_clock(self) -> int | NaType:
        """The highest clock of the video engines.

        Returns
        -------
        int or NaType
            MHz; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetMaxClockInfo.
        """
        return self._number('max_video_clock')

"""The getters about the board: cooling, power, PCIe, displays and modes."""

from __future__ import annotations

from nvitop.api._device_read import Reader
from nvitop.api._device_types import ThroughputInfo
from nvitop.api.utils import NA, NaType, bytes2human

__all__ = ['BoardGetters', 'throughput2human', 'watts']


def throughput2human(kib_per_second: int | NaType) -> str | NaType:
    """KiB/s for people, such as ``'4943MiB/s'``; ``NA`` for ``NA``."""
    if isinstance(kib_per_second, NaType):
        return NA
    return f'{bytes2human(1024 * kib_per_second)}/s'


def watts(milliwatts: int | NaType) -> str:
    """Milliwatts as whole watts, such as ``'66W'``."""
    return str(NA) if isinstance(milliwatts, NaType) else f'{round(milliwatts / 1000)}W'


class BoardGetters(Reader):
    """What a device tells about its board."""

    def fan_speed(self) -> int | NaType:
        """The intended speed of the fan.

        Returns
        -------
        int or NaType
            Per cent of its maximum, which it may exceed; ``NA`` where the device does not tell or has no fan.
            Source: nvmlDeviceGetFanSpeed.
        """
        return self._number('fan_speed')

    def temperature(self) -> int | NaType:
        """The temperature of the core.

        Returns
        -------
        int or NaType
            Degrees Celsius; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetTemperatureV, else nvmlDeviceGetTemperature.
        """
        return self._number('temperature')

    def power_usage(self) -> int | NaType:
        """The power that the board draws.

        Returns
        -------
        int or NaType
            Milliwatts; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetPowerUsage.
        """
        return self._number('power_usage')

    power_draw = power_usage

    def power_limit(self) -> int | NaType:
        """The power that the board may draw.

        Returns
        -------
        int or NaType
            Milliwatts; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetPowerManagementLimit.
        """
        return self._number('power_limit')

    def power_status(self) -> str:
        """The power that is drawn, and what may be, for people.

        Returns
        -------
        str
            Such as ``'66W / 400W'``, with ``N/A`` in place of what is not available.
        """
        return f'{watts(self.power_usage())} / {watts(self.power_limit())}'

    def pcie_throughput(self) -> ThroughputInfo:
        """What goes over PCIe, in one tuple.

        Returns
        -------
        ThroughputInfo
            tx and rx in KiB/s, each ``NA`` by itself.
            Source: nvmlDeviceGetFieldValues, else nvmlDeviceGetPcieThroughput, which takes 20 ms for each.
        """
        infos: ThroughputInfo = self._get('pcie_throughput')
        return infos

    def pcie_tx_throughput(self) -> int | NaType:
        """What is sent over PCIe.

        Returns
        -------
        int or NaType
            KiB/s; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetFieldValues, else nvmlDeviceGetPcieThroughput, which takes 20 ms.
        """
        return self._number('pcie_tx_throughput')

    def pcie_rx_throughput(self) -> int | NaType:
        """What is received over PCIe.

        Returns
        -------
        int or NaType
            KiB/s; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetFieldValues, else nvmlDeviceGetPcieThroughput, which takes 20 ms.
        """
        return self._number('pcie_rx_throughput')

    def pcie_tx_throughput_human(self) -> str | NaType:
        """What is sent over PCIe, for people.

        Returns
        -------
        str or NaType
            Such as ``'4943MiB/s'``; ``NA`` where the number is not available.
        """
        return throughput2human(self.pcie_tx_throughput())

    def pcie_rx_throughput_human(self) -> str | NaType:
        """What is received over PCIe, for people.

        Returns
        -------
        str or NaType
            Such as ``'4943MiB/s'``; ``NA`` where the number is not available.
        """
        return throughput2human(self.pcie_rx_throughput())

    def display_active(self) -> str | NaType:
        """Whether a display is initialised on the device.

        Returns
        -------
        str or NaType
            ``'Enabled'`` or ``'Disabled'``, also without a monitor;
            ``NA`` where the device does not tell.
            MIG devices answer for their GPU.
            Source: nvmlDeviceGetDisplayActive.
        """
        return self._text('display_active')

    def display_mode(self) -> str | NaType:
        """Whether a monitor is connected to the device.

        Returns
        -------
        str or NaType
            ``'Enabled'`` or ``'Disabled'``; ``NA`` where the device does not tell.
            MIG devices answer for their GPU.
            Source: nvmlDeviceGetDisplayMode.
        """
        return self._text('display_mode')

    def current_driver_model(self) -> str | NaType:
        """The driver model, which is a thing of Windows.

        Returns
        -------
        str or NaType
            ``'WDDM'``, ``'WDM'`` or ``'MCDM'``; ``NA`` on other systems.
            MIG devices answer for their GPU.
            Source: nvmlDeviceGetDriverModel.
        """
        return self._text('current_driver_model')

    driver_model = current_driver_model

    def persistence_mode(self) -> str | NaType:
        """Whether the driver stays loaded without anybody using it.

        Returns
        -------
        str or NaType
            ``'Enabled'`` or ``'Disabled'``; ``NA`` where the device does not tell.
            MIG devices answer for their GPU.
            Source: nvmlDeviceGetPersistenceMode.
        """
        return self._text('persistence_mode')

    def performance_state(self) -> str | NaType:
        """The performance state.

        Returns
        -------
        str or NaType
            From ``'P0'``, the fastest, to ``'P15'``; ``NA`` where the device does not tell.
            Source: nvmlDeviceGetPerformanceState.
        """
        return self._text('performance_state')

    def total_volatile_uncorrected_ecc_errors(self) -> int | NaType:
        """Memory errors since the driver was loaded that could not be corrected.

        Returns
        -------
        int or NaType
            A count; ``NA`` where the device does not tell, or has no ECC.
            Source: nvmlDeviceGetTotalEccErrors.
        """
        return self._number('total_volatile_uncorrected_ecc_errors')

    def compute_mode(self) -> str | NaType:
        """Who may compute on the device.

        Returns
        -------
        str or NaType
            ``'Default'``, ``'Exclusive Thread'``, ``'Prohibited'`` or ``'Exclusive Process'``;
            ``NA`` where the device does not tell.
            MIG devices answer for their GPU.
            Source: nvmlDeviceGetComputeMode.
        """
        return self._text('compute_mode')

    def cuda_compute_capability(self) -> tuple[int, int] | NaType:
        """The CUDA compute capability.

        Returns
        -------
        tuple of int, or NaType
            Major and minor, as ``(8, 6)``; ``NA`` where the device does not tell.
            MIG devices answer for their GPU.
            Source: nvmlDeviceGetCudaComputeCapability.
        """
        pair: tuple[int, int] | NaType = self._get('cuda_compute_capability')
        return pair

    def mig_mode(self) -> str | NaType:
        """Whether the GPU is in MIG mode.

        Returns
        -------
        str or NaType
            ``'Enabled'`` or ``'Disabled'``; ``NA`` for GPUs and drivers that know no MIG,
            and for MIG devices.
            Source: nvmlDeviceGetMigMode.
        """
        return self._text('mig_mode')

"""The error numbers of CUDA's driver, as its documentation lists them, and the classes of their exceptions.

Numbers never change their meaning; new ones go to their place. Everything here is to be had from libcuda.
"""

from __future__ import annotations

from typing import TYPE_CHECKING as _TYPE_CHECKING


if _TYPE_CHECKING:
    from nvitop.api.libcuda import CUDAError

CUDA_SUCCESS = 0
CUDA_ERROR_INVALID_VALUE = 1
CUDA_ERROR_OUT_OF_MEMORY = 2
CUDA_ERROR_NOT_INITIALIZED = 3
CUDA_ERROR_DEINITIALIZED = 4
CUDA_ERROR_PROFILER_DISABLED = 5
CUDA_ERROR_PROFILER_NOT_INITIALIZED = 6
CUDA_ERROR_PROFILER_ALREADY_STARTED = 7
CUDA_ERROR_PROFILER_ALREADY_STOPPED = 8
CUDA_ERROR_STUB_LIBRARY = 34
CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER = 36
CUDA_ERROR_DEVICE_UNAVAILABLE = 46
CUDA_ERROR_NO_DEVICE = 100
CUDA_ERROR_INVALID_DEVICE = 101
CUDA_ERROR_DEVICE_NOT_LICENSED = 102
CUDA_ERROR_INVALID_IMAGE = 200
CUDA_ERROR_INVALID_CONTEXT = 201
CUDA_ERROR_CONTEXT_ALREADY_CURRENT = 202
CUDA_ERROR_MAP_FAILED = 205
CUDA_ERROR_UNMAP_FAILED = 206
CUDA_ERROR_ARRAY_IS_MAPPED = 207
CUDA_ERROR_ALREADY_MAPPED = 208
CUDA_ERROR_NO_BINARY_FOR_GPU = 209
CUDA_ERROR_ALREADY_ACQUIRED = 210
CUDA_ERROR_NOT_MAPPED = 211
CUDA_ERROR_NOT_MAPPED_AS_ARRAY = 212
CUDA_ERROR_NOT_MAPPED_AS_POINTER = 213
CUDA_ERROR_ECC_UNCORRECTABLE = 214
CUDA_ERROR_UNSUPPORTED_LIMIT = 215
CUDA_ERROR_CONTEXT_ALREADY_IN_USE = 216
CUDA_ERROR_PEER_ACCESS_UNSUPPORTED = 217
CUDA_ERROR_INVALID_PTX = 218
CUDA_ERROR_INVALID_GRAPHICS_CONTEXT = 219
CUDA_ERROR_NVLINK_UNCORRECTABLE = 220
CUDA_ERROR_JIT_COMPILER_NOT_FOUND = 221
CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222
CUDA_ERROR_JIT_COMPILATION_DISABLED = 223
CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY = 224
CUDA_ERROR_UNSUPPORTED_DEVSIDE_SYNC = 225
CUDA_ERROR_CONTAINED = 226
CUDA_ERROR_INVALID_SOURCE = 300
CUDA_ERROR_FILE_NOT_FOUND = 301
CUDA_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND = 302
CUDA_ERROR_SHARED_OBJECT_INIT_FAILED = 303
CUDA_ERROR_OPERATING_SYSTEM = 304
CUDA_ERROR_INVALID_HANDLE = 400
CUDA_ERROR_ILLEGAL_STATE = 401
CUDA_ERROR_LOSSY_QUERY = 402
CUDA_ERROR_NOT_FOUND = 500
CUDA_ERROR_NOT_READY = 600
CUDA_ERROR_ILLEGAL_ADDRESS = 700
CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES = 701
CUDA_ERROR_LAUNCH_TIMEOUT = 702
CUDA_ERROR_LAUNCH_INCOMPATIBLE_TEXTURING = 703
CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED = 704
CUDA_ERROR_PEER_ACCESS_NOT_ENABLED = 705
CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE = 708
CUDA_ERROR_CONTEXT_IS_DESTROYED = 709
CUDA_ERROR_ASSERT = 710
CUDA_ERROR_TOO_MANY_PEERS = 711
CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED = 712
CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED = 713
CUDA_ERROR_HARDWARE_STACK_ERROR = 714
CUDA_ERROR_ILLEGAL_INSTRUCTION = 715
CUDA_ERROR_MISALIGNED_ADDRESS = 716
CUDA_ERROR_INVALID_ADDRESS_SPACE = 717
CUDA_ERROR_INVALID_PC = 718
CUDA_ERROR_LAUNCH_FAILED = 719
CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE = 720
CUDA_ERROR_TENSOR_MEMORY_LEAK = 721
CUDA_ERROR_NOT_PERMITTED = 800
CUDA_ERROR_NOT_SUPPORTED = 801
CUDA_ERROR_SYSTEM_NOT_READY = 802
CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803
CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE = 804
CUDA_ERROR_MPS_CONNECTION_FAILED = 805
CUDA_ERROR_MPS_RPC_FAILURE = 806
CUDA_ERROR_MPS_SERVER_NOT_READY = 807
CUDA_ERROR_MPS_MAX_CLIENTS_REACHED = 808
CUDA_ERROR_MPS_MAX_CONNECTIONS_REACHED = 809
CUDA_ERROR_MPS_CLIENT_TERMINATED = 810
CUDA_ERROR_CDP_NOT_SUPPORTED = 811
CUDA_ERROR_CDP_VERSION_MISMATCH = 812
CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900
CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901
CUDA_ERROR_STREAM_CAPTURE_MERGE = 902
CUDA_ERROR_STREAM_CAPTURE_UNMATCHED = 903
CUDA_ERROR_STREAM_CAPTURE_UNJOINED = 904
CUDA_ERROR_STREAM_CAPTURE_ISOLATION = 905
CUDA_ERROR_STREAM_CAPTURE_IMPLICIT = 906
CUDA_ERROR_CAPTURED_EVENT = 907
CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908
CUDA_ERROR_TIMEOUT = 909
CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE = 910
CUDA_ERROR_EXTERNAL_DEVICE = 911
CUDA_ERROR_INVALID_CLUSTER_SIZE = 912
CUDA_ERROR_FUNCTION_NOT_LOADED = 913
CUDA_ERROR_INVALID_RESOURCE_TYPE = 914
CUDA_ERROR_INVALID_RESOURCE_CONFIGURATION = 915
CUDA_ERROR_KEY_ROTATION = 916
CUDA_ERROR_UNKNOWN = 999

# Made of the numbers by the module that is asked for them.
CUDAError_InvalidValue: type[CUDAError]
CUDAError_OutOfMemory: type[CUDAError]
CUDAError_NotInitialized: type[CUDAError]
CUDAError_Deinitialized: type[CUDAError]
CUDAError_ProfilerDisabled: type[CUDAError]
CUDAError_ProfilerNotInitialized: type[CUDAError]
CUDAError_ProfilerAlreadyStarted: type[CUDAError]
CUDAError_ProfilerAlreadyStopped: type[CUDAError]
CUDAError_StubLibrary: type[CUDAError]
CUDAError_CallRequiresNewerDriver: type[CUDAError]
CUDAError_DeviceUnavailable: type[CUDAError]
CUDAError_NoDevice: type[CUDAError]
CUDAError_InvalidDevice: type[CUDAError]
CUDAError_DeviceNotLicensed: type[CUDAError]
CUDAError_InvalidImage: type[CUDAError]
CUDAError_InvalidContext: type[CUDAError]
CUDAError_ContextAlreadyCurrent: type[CUDAError]
CUDAError_MapFailed: type[CUDAError]
CUDAError_UnmapFailed: type[CUDAError]
CUDAError_ArrayIsMapped: type[CUDAError]
CUDAError_AlreadyMapped: type[CUDAError]
CUDAError_NoBinaryForGpu: type[CUDAError]
CUDAError_AlreadyAcquired: type[CUDAError]
CUDAError_NotMapped: type[CUDAError]
CUDAError_NotMappedAsArray: type[CUDAError]
CUDAError_NotMappedAsPointer: type[CUDAError]
CUDAError_EccUncorrectable: type[CUDAError]
CUDAError_UnsupportedLimit: type[CUDAError]
CUDAError_ContextAlreadyInUse: type[CUDAError]
CUDAError_PeerAccessUnsupported: type[CUDAError]
CUDAError_InvalidPtx: type[CUDAError]
CUDAError_InvalidGraphicsContext: type[CUDAError]
CUDAError_NvlinkUncorrectable: type[CUDAError]
CUDAError_JitCompilerNotFound: type[CUDAError]
CUDAError_UnsupportedPtxVersion: type[CUDAError]
CUDAError_JitCompilationDisabled: type[CUDAError]
CUDAError_UnsupportedExecAffinity: type[CUDAError]
CUDAError_UnsupportedDevsideSync: type[CUDAError]
CUDAError_Contained: type[CUDAError]
CUDAError_InvalidSource: type[CUDAError]
CUDAError_FileNotFound: type[CUDAError]
CUDAError_SharedObjectSymbolNotFound: type[CUDAError]
CUDAError_SharedObjectInitFailed: type[CUDAError]
CUDAError_OperatingSystem: type[CUDAError]
CUDAError_InvalidHandle: type[CUDAError]
CUDAError_IllegalState: type[CUDAError]
CUDAError_LossyQuery: type[CUDAError]
CUDAError_NotFound: type[CUDAError]
CUDAError_NotReady: type[CUDAError]
CUDAError_IllegalAddress: type[CUDAError]
CUDAError_LaunchOutOfResources: type[CUDAError]
CUDAError_LaunchTimeout: type[CUDAError]
CUDAError_LaunchIncompatibleTexturing: type[CUDAError]
CUDAError_PeerAccessAlreadyEnabled: type[CUDAError]
CUDAError_PeerAccessNotEnabled: type[CUDAError]
CUDAError_PrimaryContextActive: type[CUDAError]
CUDAError_ContextIsDestroyed: type[CUDAError]
CUDAError_Assert: type[CUDAError]
CUDAError_TooManyPeers: type[CUDAError]
CUDAError_HostMemoryAlreadyRegistered: type[CUDAError]
CUDAError_HostMemoryNotRegistered: type[CUDAError]
CUDAError_HardwareStackError: type[CUDAError]
CUDAError_IllegalInstruction: type[CUDAError]
CUDAError_MisalignedAddress: type[CUDAError]
CUDAError_InvalidAddressSpace: type[CUDAError]
CUDAError_InvalidPc: type[CUDAError]
CUDAError_LaunchFailed: type[CUDAError]
CUDAError_CooperativeLaunchTooLarge: type[CUDAError]
CUDAError_TensorMemoryLeak: type[CUDAError]
CUDAError_NotPermitted: type[CUDAError]
CUDAError_NotSupported: type[CUDAError]
CUDAError_SystemNotReady: type[CUDAError]
CUDAError_SystemDriverMismatch: type[CUDAError]
CUDAError_CompatNotSupportedOnDevice: type[CUDAError]
CUDAError_MpsConnectionFailed: type[CUDAError]
CUDAError_MpsRpcFailure: type[CUDAError]
CUDAError_MpsServerNotReady: type[CUDAError]
CUDAError_MpsMaxClientsReached: type[CUDAError]
CUDAError_MpsMaxConnectionsReached: type[CUDAError]
CUDAError_MpsClientTerminated: type[CUDAError]
CUDAError_CdpNotSupported: type[CUDAError]
CUDAError_CdpVersionMismatch: type[CUDAError]
CUDAError_StreamCaptureUnsupported: type[CUDAError]
CUDAError_StreamCaptureInvalidated: type[CUDAError]
CUDAError_StreamCaptureMerge: type[CUDAError]
CUDAError_StreamCaptureUnmatched: type[CUDAError]
CUDAError_StreamCaptureUnjoined: type[CUDAError]
CUDAError_StreamCaptureIsolation: type[CUDAError]
CUDAError_StreamCaptureImplicit: type[CUDAError]
CUDAError_CapturedEvent: type[CUDAError]
CUDAError_StreamCaptureWrongThread: type[CUDAError]
CUDAError_Timeout: type[CUDAError]
CUDAError_GraphExecUpdateFailure: type[CUDAError]
CUDAError_ExternalDevice: type[CUDAError]
CUDAError_InvalidClusterSize: type[CUDAError]
CUDAError_FunctionNotLoaded: type[CUDAError]
CUDAError_InvalidResourceType: type[CUDAError]
CUDAError_InvalidResourceConfiguration: type[CUDAError]
CUDAError_KeyRotation: type[CUDAError]
CUDAError_Unknown: type[CUDAError]

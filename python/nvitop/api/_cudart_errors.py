"""The error numbers of CUDA's runtime, as its documentation lists them, and the classes of their exceptions.

Numbers never change their meaning; new ones go to their place. Everything here is to be had from libcudart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING as _TYPE_CHECKING


if _TYPE_CHECKING:
    from nvitop.api.libcudart import cudaError

cudaSuccess = 0
cudaErrorInvalidValue = 1
cudaErrorMemoryAllocation = 2
cudaErrorInitializationError = 3
cudaErrorCudartUnloading = 4
cudaErrorProfilerDisabled = 5
cudaErrorProfilerNotInitialized = 6
cudaErrorProfilerAlreadyStarted = 7
cudaErrorProfilerAlreadyStopped = 8
cudaErrorInvalidConfiguration = 9
cudaErrorInvalidPitchValue = 12
cudaErrorInvalidSymbol = 13
cudaErrorInvalidHostPointer = 16
cudaErrorInvalidDevicePointer = 17
cudaErrorInvalidTexture = 18
cudaErrorInvalidTextureBinding = 19
cudaErrorInvalidChannelDescriptor = 20
cudaErrorInvalidMemcpyDirection = 21
cudaErrorAddressOfConstant = 22
cudaErrorTextureFetchFailed = 23
cudaErrorTextureNotBound = 24
cudaErrorSynchronizationError = 25
cudaErrorInvalidFilterSetting = 26
cudaErrorInvalidNormSetting = 27
cudaErrorMixedDeviceExecution = 28
cudaErrorNotYetImplemented = 31
cudaErrorMemoryValueTooLarge = 32
cudaErrorStubLibrary = 34
cudaErrorInsufficientDriver = 35
cudaErrorCallRequiresNewerDriver = 36
cudaErrorInvalidSurface = 37
cudaErrorDuplicateVariableName = 43
cudaErrorDuplicateTextureName = 44
cudaErrorDuplicateSurfaceName = 45
cudaErrorDevicesUnavailable = 46
cudaErrorIncompatibleDriverContext = 49
cudaErrorMissingConfiguration = 52
cudaErrorPriorLaunchFailure = 53
cudaErrorLaunchMaxDepthExceeded = 65
cudaErrorLaunchFileScopedTex = 66
cudaErrorLaunchFileScopedSurf = 67
cudaErrorSyncDepthExceeded = 68
cudaErrorLaunchPendingCountExceeded = 69
cudaErrorInvalidDeviceFunction = 98
cudaErrorNoDevice = 100
cudaErrorInvalidDevice = 101
cudaErrorDeviceNotLicensed = 102
cudaErrorSoftwareValidityNotEstablished = 103
cudaErrorStartupFailure = 127
cudaErrorInvalidKernelImage = 200
cudaErrorDeviceUninitialized = 201
cudaErrorMapBufferObjectFailed = 205
cudaErrorUnmapBufferObjectFailed = 206
cudaErrorArrayIsMapped = 207
cudaErrorAlreadyMapped = 208
cudaErrorNoKernelImageForDevice = 209
cudaErrorAlreadyAcquired = 210
cudaErrorNotMapped = 211
cudaErrorNotMappedAsArray = 212
cudaErrorNotMappedAsPointer = 213
cudaErrorECCUncorrectable = 214
cudaErrorUnsupportedLimit = 215
cudaErrorDeviceAlreadyInUse = 216
cudaErrorPeerAccessUnsupported = 217
cudaErrorInvalidPtx = 218
cudaErrorInvalidGraphicsContext = 219
cudaErrorNvlinkUncorrectable = 220
cudaErrorJitCompilerNotFound = 221
cudaErrorUnsupportedPtxVersion = 222
cudaErrorJitCompilationDisabled = 223
cudaErrorUnsupportedExecAffinity = 224
cudaErrorUnsupportedDevSideSync = 225
cudaErrorContained = 226
cudaErrorInvalidSource = 300
cudaErrorFileNotFound = 301
cudaErrorSharedObjectSymbolNotFound = 302
cudaErrorSharedObjectInitFailed = 303
cudaErrorOperatingSystem = 304
cudaErrorInvalidResourceHandle = 400
cudaErrorIllegalState = 401
cudaErrorLossyQuery = 402
cudaErrorSymbolNotFound = 500
cudaErrorNotReady = 600
cudaErrorIllegalAddress = 700
cudaErrorLaunchOutOfResources = 701
cudaErrorLaunchTimeout = 702
cudaErrorLaunchIncompatibleTexturing = 703
cudaErrorPeerAccessAlreadyEnabled = 704
cudaErrorPeerAccessNotEnabled = 705
cudaErrorSetOnActiveProcess = 708
cudaErrorContextIsDestroyed = 709
cudaErrorAssert = 710
cudaErrorTooManyPeers = 711
cudaErrorHostMemoryAlreadyRegistered = 712
cudaErrorHostMemoryNotRegistered = 713
cudaErrorHardwareStackError = 714
cudaErrorIllegalInstruction = 715
cudaErrorMisalignedAddress = 716
cudaErrorInvalidAddressSpace = 717
cudaErrorInvalidPc = 718
cudaErrorLaunchFailure = 719
cudaErrorCooperativeLaunchTooLarge = 720
cudaErrorTensorMemoryLeak = 721
cudaErrorNotPermitted = 800
cudaErrorNotSupported = 801
cudaErrorSystemNotReady = 802
cudaErrorSystemDriverMismatch = 803
cudaErrorCompatNotSupportedOnDevice = 804
cudaErrorMpsConnectionFailed = 805
cudaErrorMpsRpcFailure = 806
cudaErrorMpsServerNotReady = 807
cudaErrorMpsMaxClientsReached = 808
cudaErrorMpsMaxConnectionsReached = 809
cudaErrorMpsClientTerminated = 810
cudaErrorCdpNotSupported = 811
cudaErrorCdpVersionMismatch = 812
cudaErrorStreamCaptureUnsupported = 900
cudaErrorStreamCaptureInvalidated = 901
cudaErrorStreamCaptureMerge = 902
cudaErrorStreamCaptureUnmatched = 903
cudaErrorStreamCaptureUnjoined = 904
cudaErrorStreamCaptureIsolation = 905
cudaErrorStreamCaptureImplicit = 906
cudaErrorCapturedEvent = 907
cudaErrorStreamCaptureWrongThread = 908
cudaErrorTimeout = 909
cudaErrorGraphExecUpdateFailure = 910
cudaErrorExternalDevice = 911
cudaErrorInvalidClusterSize = 912
cudaErrorFunctionNotLoaded = 913
cudaErrorInvalidResourceType = 914
cudaErrorInvalidResourceConfiguration = 915
cudaErrorUnknown = 999

# Made of the numbers by the module that is asked for them.
cudaError_InvalidValue: type[cudaError]
cudaError_MemoryAllocation: type[cudaError]
cudaError_InitializationError: type[cudaError]
cudaError_CudartUnloading: type[cudaError]
cudaError_ProfilerDisabled: type[cudaError]
cudaError_ProfilerNotInitialized: type[cudaError]
cudaError_ProfilerAlreadyStarted: type[cudaError]
cudaError_ProfilerAlreadyStopped: type[cudaError]
cudaError_InvalidConfiguration: type[cudaError]
cudaError_InvalidPitchValue: type[cudaError]
cudaError_InvalidSymbol: type[cudaError]
cudaError_InvalidHostPointer: type[cudaError]
cudaError_InvalidDevicePointer: type[cudaError]
cudaError_InvalidTexture: type[cudaError]
cudaError_InvalidTextureBinding: type[cudaError]
cudaError_InvalidChannelDescriptor: type[cudaError]
cudaError_InvalidMemcpyDirection: type[cudaError]
cudaError_AddressOfConstant: type[cudaError]
cudaError_TextureFetchFailed: type[cudaError]
cudaError_TextureNotBound: type[cudaError]
cudaError_SynchronizationError: type[cudaError]
cudaError_InvalidFilterSetting: type[cudaError]
cudaError_InvalidNormSetting: type[cudaError]
cudaError_MixedDeviceExecution: type[cudaError]
cudaError_NotYetImplemented: type[cudaError]
cudaError_MemoryValueTooLarge: type[cudaError]
cudaError_StubLibrary: type[cudaError]
cudaError_InsufficientDriver: type[cudaError]
cudaError_CallRequiresNewerDriver: type[cudaError]
cudaError_InvalidSurface: type[cudaError]
cudaError_DuplicateVariableName: type[cudaError]
cudaError_DuplicateTextureName: type[cudaError]
cudaError_DuplicateSurfaceName: type[cudaError]
cudaError_DevicesUnavailable: type[cudaError]
cudaError_IncompatibleDriverContext: type[cudaError]
cudaError_MissingConfiguration: type[cudaError]
cudaError_PriorLaunchFailure: type[cudaError]
cudaError_LaunchMaxDepthExceeded: type[cudaError]
cudaError_LaunchFileScopedTex: type[cudaError]
cudaError_LaunchFileScopedSurf: type[cudaError]
cudaError_SyncDepthExceeded: type[cudaError]
cudaError_LaunchPendingCountExceeded: type[cudaError]
cudaError_InvalidDeviceFunction: type[cudaError]
cudaError_NoDevice: type[cudaError]
cudaError_InvalidDevice: type[cudaError]
cudaError_DeviceNotLicensed: type[cudaError]
cudaError_SoftwareValidityNotEstablished: type[cudaError]
cudaError_StartupFailure: type[cudaError]
cudaError_InvalidKernelImage: type[cudaError]
cudaError_DeviceUninitialized: type[cudaError]
cudaError_MapBufferObjectFailed: type[cudaError]
cudaError_UnmapBufferObjectFailed: type[cudaError]
cudaError_ArrayIsMapped: type[cudaError]
cudaError_AlreadyMapped: type[cudaError]
cudaError_NoKernelImageForDevice: type[cudaError]
cudaError_AlreadyAcquired: type[cudaError]
cudaError_NotMapped: type[cudaError]
cudaError_NotMappedAsArray: type[cudaError]
cudaError_NotMappedAsPointer: type[cudaError]
cudaError_ECCUncorrectable: type[cudaError]
cudaError_UnsupportedLimit: type[cudaError]
cudaError_DeviceAlreadyInUse: type[cudaError]
cudaError_PeerAccessUnsupported: type[cudaError]
cudaError_InvalidPtx: type[cudaError]
cudaError_InvalidGraphicsContext: type[cudaError]
cudaError_NvlinkUncorrectable: type[cudaError]
cudaError_JitCompilerNotFound: type[cudaError]
cudaError_UnsupportedPtxVersion: type[cudaError]
cudaError_JitCompilationDisabled: type[cudaError]
cudaError_UnsupportedExecAffinity: type[cudaError]
cudaError_UnsupportedDevSideSync: type[cudaError]
cudaError_Contained: type[cudaError]
cudaError_InvalidSource: type[cudaError]
cudaError_FileNotFound: type[cudaError]
cudaError_SharedObjectSymbolNotFound: type[cudaError]
cudaError_SharedObjectInitFailed: type[cudaError]
cudaError_OperatingSystem: type[cudaError]
cudaError_InvalidResourceHandle: type[cudaError]
cudaError_IllegalState: type[cudaError]
cudaError_LossyQuery: type[cudaError]
cudaError_SymbolNotFound: type[cudaError]
cudaError_NotReady: type[cudaError]
cudaError_IllegalAddress: type[cudaError]
cudaError_LaunchOutOfResources: type[cudaError]
cudaError_LaunchTimeout: type[cudaError]
cudaError_LaunchIncompatibleTexturing: type[cudaError]
cudaError_PeerAccessAlreadyEnabled: type[cudaError]
cudaError_PeerAccessNotEnabled: type[cudaError]
cudaError_SetOnActiveProcess: type[cudaError]
cudaError_ContextIsDestroyed: type[cudaError]
cudaError_Assert: type[cudaError]
cudaError_TooManyPeers: type[cudaError]
cudaError_HostMemoryAlreadyRegistered: type[cudaError]
cudaError_HostMemoryNotRegistered: type[cudaError]
cudaError_HardwareStackError: type[cudaError]
cudaError_IllegalInstruction: type[cudaError]
cudaError_MisalignedAddress: type[cudaError]
cudaError_InvalidAddressSpace: type[cudaError]
cudaError_InvalidPc: type[cudaError]
cudaError_LaunchFailure: type[cudaError]
cudaError_CooperativeLaunchTooLarge: type[cudaError]
cudaError_TensorMemoryLeak: type[cudaError]
cudaError_NotPermitted: type[cudaError]
cudaError_NotSupported: type[cudaError]
cudaError_SystemNotReady: type[cudaError]
cudaError_SystemDriverMismatch: type[cudaError]
cudaError_CompatNotSupportedOnDevice: type[cudaError]
cudaError_MpsConnectionFailed: type[cudaError]
cudaError_MpsRpcFailure: type[cudaError]
cudaError_MpsServerNotReady: type[cudaError]
cudaError_MpsMaxClientsReached: type[cudaError]
cudaError_MpsMaxConnectionsReached: type[cudaError]
cudaError_MpsClientTerminated: type[cudaError]
cudaError_CdpNotSupported: type[cudaError]
cudaError_CdpVersionMismatch: type[cudaError]
cudaError_StreamCaptureUnsupported: type[cudaError]
cudaError_StreamCaptureInvalidated: type[cudaError]
cudaError_StreamCaptureMerge: type[cudaError]
cudaError_StreamCaptureUnmatched: type[cudaError]
cudaError_StreamCaptureUnjoined: type[cudaError]
cudaError_StreamCaptureIsolation: type[cudaError]
cudaError_StreamCaptureImplicit: type[cudaError]
cudaError_CapturedEvent: type[cudaError]
cudaError_StreamCaptureWrongThread: type[cudaError]
cudaError_Timeout: type[cudaError]
cudaError_GraphExecUpdateFailure: type[cudaError]
cudaError_ExternalDevice: type[cudaError]
cudaError_InvalidClusterSize: type[cudaError]
cudaError_FunctionNotLoaded: type[cudaError]
cudaError_InvalidResourceType: type[cudaError]
cudaError_InvalidResourceConfiguration: type[cudaError]
cudaError_Unknown: type[cudaError]

"""What torch and CTranslate2 raise if a card, its driver, its libraries or its memory fail.

Recorded on cards, and from their sources.
"""

import torch

BY_TORCH: tuple[Exception, ...] = (
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 139.81 GiB"),
    torch.AcceleratorError("CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be", 700),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR"),
    RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED"),
    RuntimeError("GET was unable to find an engine to execute this computation"),
    RuntimeError("CUDA driver error: unknown error"),
    RuntimeError("CUDA error: no kernel image is available for execution on the device"),
    RuntimeError("Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU"),
    RuntimeError("No CUDA GPUs are available"),
    RuntimeError("CUDA unknown error - this may be due to an incorrectly set up environment"),
    AssertionError("Torch not compiled with CUDA enabled"),
    OSError("libcudnn_ops.so.9: cannot open shared object file: No such file or directory"),
    torch.cuda.DeferredCudaCallError("CUDA call failed lazily at initialization with error: device >= 0"),
)
BY_CTRANSLATE2: tuple[Exception, ...] = (
    RuntimeError("Library libcublas.so.12 is not found or cannot be loaded"),
    RuntimeError("CUDA failed with error out of memory"),
    RuntimeError("CUDA failed with error CUDA driver version is insufficient for CUDA runtime version"),
    RuntimeError("CUDA failed with error the launch timed out and was terminated"),
    RuntimeError("cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED"),
    RuntimeError("cuBLAS failed with status CUBLAS_STATUS_NOT_SUPPORTED"),
    RuntimeError("cuDNN failed with status CUDNN_STATUS_INTERNAL_ERROR"),
    RuntimeError("parallel_for failed: cudaErrorNoKernelImageForDevice: no kernel image is available for execution"),
    RuntimeError("exclusive_scan failed on 2nd step: cudaErrorInvalidDevice: invalid device ordinal"),
    ValueError("Requested int8_float32 compute type, but the target device or backend do not support efficient"),
    ValueError("unsupported device cuda"),
    ValueError("This CTranslate2 package was not compiled with CUDA support"),
)

# SPDX-License-Identifier: GPL-2.0-or-later
# Cross-building for arm64 with a sysroot of Debian's arm64 packages. tests/board/board makes the
# sysroot and sets this variable; any other sysroot with the libraries will do.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(DMAHEAP_TRIPLET aarch64-linux-gnu)
set(DMAHEAP_ARM64_SYSROOT "$ENV{DMAHEAP_ARM64_SYSROOT}" CACHE PATH "arm64 headers and libraries")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES DMAHEAP_ARM64_SYSROOT)
if(NOT IS_DIRECTORY "${DMAHEAP_ARM64_SYSROOT}")
  message(FATAL_ERROR "DMAHEAP_ARM64_SYSROOT is not a directory: run tests/board/board, which sets it, "
                      "or set it to a sysroot of your own")
endif()
set(DMAHEAP_SYSROOT "${DMAHEAP_ARM64_SYSROOT}")
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)

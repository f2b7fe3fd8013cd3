# SPDX-License-Identifier: GPL-2.0-or-later
# Cross-building for arm64 with Debian's compiler and a sysroot of Debian's arm64 packages.
# tests/board/board makes the sysroot and tells where it is; any other with the libraries will do.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)

set(DMAHEAP_ARM64_SYSROOT "$ENV{DMAHEAP_ARM64_SYSROOT}" CACHE PATH "arm64 headers and libraries")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES DMAHEAP_ARM64_SYSROOT)
if(NOT IS_DIRECTORY "${DMAHEAP_ARM64_SYSROOT}")
  message(FATAL_ERROR "DMAHEAP_ARM64_SYSROOT names no folder: run tests/board/board, which sets it, "
                      "or set it to a sysroot of your own")
endif()
set(CMAKE_SYSROOT "${DMAHEAP_ARM64_SYSROOT}")
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# pkg-config sees the sysroot only, never this machine's libraries.
set(ENV{PKG_CONFIG_DIR} "")
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CMAKE_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
    "${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig")

# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's cross compiler DMAHEAP_TRIPLET-gcc, the libraries of Debian packages unpacked in
# DMAHEAP_SYSROOT, and, where the result is to be run on this machine, DMAHEAP_EMULATOR of qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES DMAHEAP_TRIPLET DMAHEAP_SYSROOT DMAHEAP_EMULATOR)
set(CMAKE_C_COMPILER ${DMAHEAP_TRIPLET}-gcc)
set(CMAKE_SYSROOT ${DMAHEAP_SYSROOT})
# Debian's compiler for i386 is called i686, its directories are not
string(REPLACE "i686-" "i386-" CMAKE_LIBRARY_ARCHITECTURE ${DMAHEAP_TRIPLET})
if(DMAHEAP_EMULATOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${DMAHEAP_EMULATOR};-L;${DMAHEAP_SYSROOT})
endif()

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# pkg-config sees the sysroot only, never this machine's libraries.
set(ENV{PKG_CONFIG_DIR} "")
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CMAKE_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
    "${CMAKE_SYSROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig")

# SPDX-License-Identifier: GPL-2.0-or-later
# The libraries of the program; the message about a missing one names its Debian package.
find_package(PkgConfig REQUIRED)

function(library_missing module package)
  message(FATAL_ERROR "${module} was not found by pkg-config. "
                      "On Debian it is in the package ${package}: apt-get install ${package}")
endfunction()

function(require_library prefix module package)
  pkg_check_modules(${prefix} IMPORTED_TARGET ${module})
  if(NOT ${prefix}_FOUND)
    library_missing(${module} ${package})
  endif()
endfunction()

# dtc before 1.7 (Debian 12) installs libfdt without a file for pkg-config
pkg_check_modules(FDT IMPORTED_TARGET libfdt)
if(NOT FDT_FOUND)
  find_library(FDT_LIBRARY fdt)
  find_path(FDT_INCLUDE_DIR libfdt.h)
  if(NOT FDT_LIBRARY OR NOT FDT_INCLUDE_DIR)
    library_missing(libfdt libfdt-dev)
  endif()
  add_library(PkgConfig::FDT INTERFACE IMPORTED)
  target_link_libraries(PkgConfig::FDT INTERFACE ${FDT_LIBRARY})
  target_include_directories(PkgConfig::FDT SYSTEM INTERFACE ${FDT_INCLUDE_DIR})
endif()
if(DMAHEAP_DRM)
  require_library(DRM libdrm libdrm-dev)
else()
  message(STATUS "Without libdrm: no PRIME, no vgem fences, no syncobj in fence-test and test")
endif()
require_library(UDEV libudev libudev-dev)
require_library(SMARTCOLS smartcols libsmartcols-dev)
require_library(JSONC json-c>=0.16 libjson-c-dev)
require_library(ZLIB zlib zlib1g-dev)

include(CheckSymbolExists)
check_symbol_exists(DMA_BUF_IOCTL_EXPORT_SYNC_FILE linux/dma-buf.h KERNEL_HEADERS_6_0)
if(NOT KERNEL_HEADERS_6_0)
  message(FATAL_ERROR "The kernel headers of Linux 6.0 or later are needed. "
                      "On Debian they are in the package linux-libc-dev.")
endif()

# argp is part of glibc; for musl it is the library argp-standalone
include(CheckFunctionExists)
check_function_exists(argp_parse ARGP_IN_LIBC)
if(NOT ARGP_IN_LIBC)
  find_library(ARGP_LIBRARY argp)
  if(NOT ARGP_LIBRARY)
    message(FATAL_ERROR "This C library has no argp; install argp-standalone.")
  endif()
else()
  set(ARGP_LIBRARY "")
endif()

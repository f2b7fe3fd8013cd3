# SPDX-License-Identifier: GPL-2.0-or-later
# The libraries of the program; the message about a missing one names its Debian package.
find_package(PkgConfig REQUIRED)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED) # before glibc 2.34 a library of its own
if(DMAHEAP_STATIC)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
endif()

function(library_missing module package)
  message(FATAL_ERROR "${module} was not found by pkg-config. "
                      "On Debian it is in the package ${package}: apt-get install ${package}")
endfunction()

function(require_library prefix module package)
  pkg_check_modules(${prefix} IMPORTED_TARGET ${module})
  if(NOT ${prefix}_FOUND)
    library_missing(${module} ${package})
  endif()
  if(DMAHEAP_STATIC AND NOT "${${prefix}_LINK_LIBRARIES}" MATCHES "^/")
    message(FATAL_ERROR "There is no static library of ${module} (DMAHEAP_STATIC is ON): ${${prefix}_LINK_LIBRARIES}")
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
set(WITHOUT "") # for --version
if(DMAHEAP_DRM)
  require_library(DRM libdrm>=2.4.100 libdrm-dev)
else()
  message(STATUS "Without libdrm: no PRIME, no vgem fences, no syncobj in fence-test and test")
  string(APPEND WITHOUT ", without libdrm")
endif()
if(DMAHEAP_UDEV)
  require_library(UDEV libudev libudev-dev)
else()
  message(STATUS "Without libudev: no symbolic links outside /dev/dma_heap, of properties those of the kernel")
  string(APPEND WITHOUT ", without libudev")
endif()
require_library(SMARTCOLS smartcols libsmartcols-dev)
require_library(ZLIB zlib zlib1g-dev)

# what newer headers have besides is in src/sys/uapi.h
include(CheckSymbolExists)
check_symbol_exists(DMA_HEAP_IOCTL_ALLOC linux/dma-heap.h KERNEL_HEADERS_5_6)
if(NOT KERNEL_HEADERS_5_6)
  message(FATAL_ERROR "The kernel headers of Linux 5.6 or later are needed. "
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

# SPDX-License-Identifier: GPL-2.0-or-later
# For cpack in the build directory: `cpack -G DEB`, and with CPackSourceConfig.cmake a source archive.
set(DMAHEAP_MAINTAINER "dmaheap developers <dmaheap@localhost>" CACHE STRING
    "Maintainer of the Debian package: NAME <ADDRESS>")

set(CPACK_PACKAGE_VENDOR "dmaheap developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "Shows which DMA-BUF heaps a machine has and what memory is behind them,
checks their names, predicts which reserved memory of a device tree becomes
a heap, and tests whether the heaps and the fences on their buffers work.
.
For people who bring up, ship or debug heaps on a board.")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${DMAHEAP_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS OFF)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian/files.cmake)

set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_PACKAGE_FILE_NAME dmaheap-${PROJECT_VERSION})
set(CPACK_SOURCE_IGNORE_FILES "/build/" "/build-[^/]*/" "/\\.git/" "/\\.git$")
include(CPack)

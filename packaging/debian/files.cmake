# SPDX-License-Identifier: GPL-2.0-or-later
# cpack runs this before it packs: it adds what only a Debian package has.
cmake_minimum_required(VERSION 3.25)
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(root ${CPACK_TEMPORARY_DIRECTORY}/usr)
set(doc ${root}/share/doc/dmaheap)
file(COPY ${CMAKE_CURRENT_LIST_DIR}/copyright DESTINATION ${doc})

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH where that is set
file(WRITE ${doc}/changelog.Debian
"dmaheap (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Made by cpack; what changed is in CHANGELOG.md.

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}
")
file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions) # Debian's own
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
file(GLOB_RECURSE compress ${root}/share/man/*.[0-9])
foreach(file IN LISTS compress ITEMS ${doc}/changelog.Debian ${doc}/changelog)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()

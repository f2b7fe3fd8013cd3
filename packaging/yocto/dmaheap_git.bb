# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "List, check and test DMA-BUF heaps"
SECTION = "console/utils"
LICENSE = "GPL-2.0-or-later"
LIC_FILES_CHKSUM = "file://LICENSE;md5=b234ee4d69f5fce4486a80fdaf4a4263"

DEPENDS = "dtc json-c libdrm udev util-linux zlib"
DEPENDS:append:libc-musl = " argp-standalone"

# Where the repository is: set this and the revision.
SRC_URI = "git://${DMAHEAP_REPOSITORY};protocol=https;branch=main"
SRCREV = "${AUTOREV}"
PV = "0.1.0+git"
S = "${WORKDIR}/git"

inherit cmake pkgconfig

# scdoc-native (meta-openembedded) adds the manual pages
PACKAGECONFIG ??= ""
PACKAGECONFIG[manpages] = ",,scdoc-native"

EXTRA_OECMAKE = "-DBUILD_TESTING=OFF"

FILES:${PN} += "${datadir}/dmaheap ${datadir}/bash-completion ${datadir}/zsh ${datadir}/fish"

# The kernel's side: CONFIG_DMABUF_HEAPS and its drivers.
RRECOMMENDS:${PN} = "kernel-module-vgem"

# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "List, check and test DMA-BUF heaps"
DESCRIPTION = "Shows which DMA-BUF heaps a machine has and what memory is behind them, \
checks their names, predicts which reserved memory of a device tree becomes a heap, \
and tests whether the heaps and the fences on their buffers work."
HOMEPAGE = "https://${DMAHEAP_REPOSITORY}"
SECTION = "console/utils"
LICENSE = "GPL-2.0-or-later"
LIC_FILES_CHKSUM = "file://LICENSE;md5=b234ee4d69f5fce4486a80fdaf4a4263"

DEPENDS = "dtc util-linux zlib"
DEPENDS:append:libc-musl = " argp-standalone"

PV = "0.1.0+git"
# The address of the repository (without https://) and the commit. The directory that git makes is the
# one where S is by default, in all releases.
SRC_URI = "git://${DMAHEAP_REPOSITORY};protocol=https;nobranch=1;destsuffix=${BP}"
SRCREV = "${DMAHEAP_REVISION}"
DMAHEAP_REPOSITORY ??= ""
DMAHEAP_REVISION ??= ""

python () {
    if not d.getVar("DMAHEAP_REPOSITORY") or not d.getVar("DMAHEAP_REVISION"):
        raise bb.parse.SkipRecipe("set DMAHEAP_REPOSITORY and DMAHEAP_REVISION")
}

inherit cmake pkgconfig manpages bash-completion

PACKAGECONFIG ??= "drm udev"
PACKAGECONFIG[drm] = "-DDMAHEAP_DRM=ON,-DDMAHEAP_DRM=OFF,libdrm"
PACKAGECONFIG[manpages] = ",,scdoc-native"
PACKAGECONFIG[udev] = "-DDMAHEAP_UDEV=ON,-DDMAHEAP_UDEV=OFF,udev"

EXTRA_OECMAKE = "-DBUILD_TESTING=OFF"

FILES:${PN} += "${datadir}/zsh ${datadir}/fish"

# SPDX-License-Identifier: GPL-2.0-or-later
################################################################################
#
# dmaheap
#
################################################################################

DMAHEAP_VERSION = $(call qstrip,$(BR2_PACKAGE_DMAHEAP_REVISION))
DMAHEAP_SITE = $(call qstrip,$(BR2_PACKAGE_DMAHEAP_REPOSITORY))
DMAHEAP_SITE_METHOD = git
DMAHEAP_LICENSE = GPL-2.0-or-later
DMAHEAP_LICENSE_FILES = LICENSE
DMAHEAP_DEPENDENCIES = \
	host-pkgconf \
	dtc \
	json-c \
	libdrm \
	udev \
	util-linux \
	zlib \
	$(if $(BR2_PACKAGE_ARGP_STANDALONE),argp-standalone)
DMAHEAP_CONF_OPTS = -DBUILD_TESTING=OFF

$(eval $(cmake-package))

################################################################################
#
# dmaheap
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-or-later

DMAHEAP_VERSION = $(call qstrip,$(BR2_PACKAGE_DMAHEAP_REVISION))
DMAHEAP_SITE = $(call qstrip,$(BR2_PACKAGE_DMAHEAP_REPOSITORY))
DMAHEAP_SITE_METHOD = git
DMAHEAP_LICENSE = GPL-2.0-or-later
DMAHEAP_LICENSE_FILES = LICENSE
DMAHEAP_DEPENDENCIES = \
	host-pkgconf \
	dtc \
	util-linux \
	zlib \
	$(if $(BR2_PACKAGE_ARGP_STANDALONE),argp-standalone)
DMAHEAP_CONF_OPTS = -DBUILD_TESTING=OFF

ifeq ($(BR2_PACKAGE_LIBDRM),y)
DMAHEAP_DEPENDENCIES += libdrm
DMAHEAP_CONF_OPTS += -DDMAHEAP_DRM=ON
else
DMAHEAP_CONF_OPTS += -DDMAHEAP_DRM=OFF
endif

ifeq ($(BR2_PACKAGE_HAS_UDEV),y)
DMAHEAP_DEPENDENCIES += udev
DMAHEAP_CONF_OPTS += -DDMAHEAP_UDEV=ON
else
DMAHEAP_CONF_OPTS += -DDMAHEAP_UDEV=OFF
endif

# The user chooses the revision, so dmaheap.hash has no hash of it.
BR_NO_CHECK_HASH_FOR += $(DMAHEAP_SOURCE)

ifeq ($(BR2_PACKAGE_DMAHEAP)$(BR_BUILDING),yy)
ifeq ($(and $(DMAHEAP_SITE),$(DMAHEAP_VERSION)),)
$(error Set BR2_PACKAGE_DMAHEAP_REPOSITORY and BR2_PACKAGE_DMAHEAP_REVISION)
endif
endif

$(eval $(cmake-package))

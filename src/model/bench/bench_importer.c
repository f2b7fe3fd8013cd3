// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/bench_importer.h"

#include <errno.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "sys/drm.h"

static char *missing_text(const char *driver, int error)
{
	switch (-error) {
	case ENOSYS:
		return xstrdup("this dmaheap was built without libdrm (-DDMAHEAP_DRM=OFF)");
	case ENODEV:
		return xasprintf("no DRM node of the driver %s", driver);
	case EACCES:
	case EPERM:
		return xasprintf("no DRM node of the driver %s among those that may be opened",
				 driver);
	default:
		return xasprintf("/dev/dri: %s", error_words(error));
	}
}

int bench_importer_open(const char *driver, struct bench_importer **importer, char **missing)
{
	int drm = drm_open_driver(driver);

	if (drm < 0) {
		*missing = missing_text(driver, drm);
		return drm;
	}
	*importer = xcalloc(1, sizeof(**importer));
	**importer = (struct bench_importer){drm, xstrdup(driver)};
	return 0;
}

void bench_importer_free(struct bench_importer *importer)
{
	if (!importer)
		return;
	close(importer->drm);
	free(importer->driver);
	free(importer);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The words that rules know, with what they mean. Names of vendors' heaps show which ones occur. */
#include "model/name/vocabulary.h"

#include <string.h>

#include "base/array.h"

/* versions of clang-format disagree about these */
/* clang-format off */
#define ALLOCATOR(spelling, property, what) {spelling, WORD_ALLOCATOR, property, what}
#define DETAIL(spelling, what)              {spelling, WORD_DETAIL, PROPERTY_NONE, what}
#define ATTRIBUTE(spelling, property)       {spelling, WORD_ATTRIBUTE, property, NULL}
#define WORD(spelling, class)               {spelling, class, PROPERTY_NONE, NULL}
/* clang-format on */

const struct vocabulary_entry vocabulary[] = {
	ALLOCATOR("cma", PROPERTY_CONTIGUOUS, "the contiguous memory allocator"),
	ALLOCATOR("gcma", PROPERTY_CONTIGUOUS, "the guaranteed contiguous memory allocator"),
	ALLOCATOR("hcma", PROPERTY_CONTIGUOUS, "a contiguous memory allocator"),
	ALLOCATOR("cmem", PROPERTY_CONTIGUOUS, "TI's contiguous memory allocator"),
	ALLOCATOR("cmm", PROPERTY_CONTIGUOUS, "a contiguous memory manager"),
	ALLOCATOR("codec-mm", PROPERTY_CONTIGUOUS, "Amlogic's codec memory manager"),
	ALLOCATOR("mmz", PROPERTY_CONTIGUOUS, "the media memory zone allocator"),
	ALLOCATOR("carve-out", PROPERTY_CONTIGUOUS, "the carve-out allocator"),
	ALLOCATOR("carved-out", PROPERTY_CONTIGUOUS, "the carve-out allocator"),
	ALLOCATOR("rbin", PROPERTY_CONTIGUOUS, "Samsung's recycle-bin allocator"),
	ALLOCATOR("hpa", PROPERTY_NONE, "Samsung's high-order page allocator"),
	ALLOCATOR("chunk", PROPERTY_NONE, "the chunk allocator"),
	ALLOCATOR("coherent", PROPERTY_NONE, "the coherent DMA allocator"),
	ALLOCATOR("ion", PROPERTY_NONE, "ION, the predecessor of DMA-BUF heaps"),
	ALLOCATOR("buddy", PROPERTY_NONE, "the buddy allocator"),
	ALLOCATOR("buddies", PROPERTY_NONE, "the buddy allocator"),
	ALLOCATOR("slab", PROPERTY_NONE, "the slab allocator"),
	ALLOCATOR("slub", PROPERTY_NONE, "the slab allocator"),
	ALLOCATOR("slob", PROPERTY_NONE, "the slab allocator"),
	ALLOCATOR("gen-pool", PROPERTY_NONE, "the genalloc allocator"),
	ALLOCATOR("gen-alloc", PROPERTY_NONE, "the genalloc allocator"),
	ALLOCATOR("dma-buf", PROPERTY_NONE, "the framework, which serves every heap"),
	ALLOCATOR("dma-heap", PROPERTY_NONE, "the framework, which serves every heap"),
	ALLOCATOR("u-dma-buf", PROPERTY_NONE, "the udmabuf driver"),
	ALLOCATOR("kmalloc", PROPERTY_NONE, "the slab allocator"),
	ALLOCATOR("vmalloc", PROPERTY_NONE, "the vmalloc allocator"),
	ALLOCATOR("malloc", PROPERTY_NONE, "an allocator"),
	ALLOCATOR("alloc", PROPERTY_NONE, "an allocator"),
	ALLOCATOR("allocator", PROPERTY_NONE, "an allocator"),
	ALLOCATOR("mem-block", PROPERTY_NONE, "the boot-time allocator"),
	ALLOCATOR("boot-mem", PROPERTY_NONE, "the boot-time allocator"),
	ALLOCATOR("sw-io-tlb", PROPERTY_NONE, "the software IO TLB"),
	ALLOCATOR("huge-tlb", PROPERTY_NONE, "the huge page allocator"),
	ALLOCATOR("ashmem", PROPERTY_NONE, "Android's shared memory driver"),
	ALLOCATOR("shmem", PROPERTY_NONE, "the kernel's shared memory file system"),
	ALLOCATOR("gralloc", PROPERTY_NONE, "Android's graphics allocator"),
	ALLOCATOR("nvmap", PROPERTY_NONE, "NVIDIA's memory driver"),
	ALLOCATOR("vcsm", PROPERTY_NONE, "the VideoCore memory driver"),
	ALLOCATOR("tlsf", PROPERTY_NONE, "the TLSF allocator"),

	DETAIL("dma-32", "a zone of the page allocator"),
	DETAIL("high-mem", "a zone of the page allocator"),
	DETAIL("low-mem", "a zone of the page allocator"),
	DETAIL("movable", "a kind of page block"),
	DETAIL("gfp", "a flag of the page allocator"),
	DETAIL("direct", "how the driver reads and writes"),
	DETAIL("page", "how the driver gets its memory"),
	DETAIL("paged", "how the driver gets its memory"),
	DETAIL("huge-page", "how the driver gets its memory"),
	DETAIL("hpage", "how the driver gets its memory"),
	DETAIL("thp", "how the driver gets its memory"),
	DETAIL("order", "how the driver gets its memory"),
	DETAIL("prealloc", "how the driver gets its memory"),
	DETAIL("preallocated", "how the driver gets its memory"),
	DETAIL("no-map", "how the driver maps its memory"),
	DETAIL("kmap", "how the driver maps its memory"),
	DETAIL("vmap", "how the driver maps its memory"),
	DETAIL("mmap", "how the driver maps its memory"),
	DETAIL("iommu", "how a device reaches its memory"),
	DETAIL("smmu", "how a device reaches its memory"),
	DETAIL("iova", "how a device reaches its memory"),
	DETAIL("sg", "how the driver lists its memory"),
	DETAIL("sgl", "how the driver lists its memory"),
	DETAIL("sgt", "how the driver lists its memory"),
	DETAIL("scatter-list", "how the driver lists its memory"),
	DETAIL("scatter-gather", "how the driver lists its memory"),
	DETAIL("aligned", "how the driver aligns buffers"),
	DETAIL("unaligned", "how the driver aligns buffers"),
	DETAIL("align", "how the driver aligns buffers"),
	DETAIL("driver", "the code behind the heap"),
	DETAIL("drv", "the code behind the heap"),
	DETAIL("ioctl", "the code behind the heap"),

	ATTRIBUTE("cacheable", PROPERTY_CACHEABLE),
	ATTRIBUTE("cached", PROPERTY_CACHEABLE),
	ATTRIBUTE("write-back", PROPERTY_CACHEABLE),
	ATTRIBUTE("wb", PROPERTY_CACHEABLE),
	ATTRIBUTE("un-cacheable", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("un-cachable", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("un-cached", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("un-cache", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("non-cacheable", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("non-cachable", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("non-cached", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("non-cache", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("no-cache", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("no-cached", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("not-cached", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("in-cacheable", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("non-coherent", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("in-coherent", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("write-combine", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("write-combined", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("write-combining", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("write-through", PROPERTY_CACHEABLE),
	ATTRIBUTE("wc", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("nc", PROPERTY_UNCACHEABLE),
	ATTRIBUTE("contiguous", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("phys-contiguous", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("physically-contiguous", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("contiguous-memory", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("contig", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("phys-contig", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("continuous", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("physical", PROPERTY_CONTIGUOUS),
	ATTRIBUTE("non-contiguous", PROPERTY_SCATTERED),
	ATTRIBUTE("non-contig", PROPERTY_SCATTERED),
	ATTRIBUTE("dis-contiguous", PROPERTY_SCATTERED),
	ATTRIBUTE("dis-contig", PROPERTY_SCATTERED),
	ATTRIBUTE("scattered", PROPERTY_SCATTERED),
	ATTRIBUTE("protected", PROPERTY_PROTECTED),
	ATTRIBUTE("protect", PROPERTY_PROTECTED),
	ATTRIBUTE("protection", PROPERTY_PROTECTED),
	ATTRIBUTE("prot", PROPERTY_PROTECTED),
	ATTRIBUTE("secure", PROPERTY_PROTECTED),
	ATTRIBUTE("secured", PROPERTY_PROTECTED),
	ATTRIBUTE("security", PROPERTY_PROTECTED),
	ATTRIBUTE("sec", PROPERTY_PROTECTED),
	ATTRIBUTE("restricted", PROPERTY_PROTECTED),
	ATTRIBUTE("restrict", PROPERTY_PROTECTED),
	ATTRIBUTE("trusted", PROPERTY_PROTECTED),
	ATTRIBUTE("encrypted", PROPERTY_PROTECTED),
	ATTRIBUTE("confidential", PROPERTY_PROTECTED),
	ATTRIBUTE("un-protected", PROPERTY_UNPROTECTED),
	ATTRIBUTE("non-protected", PROPERTY_UNPROTECTED),
	ATTRIBUTE("un-secure", PROPERTY_UNPROTECTED),
	ATTRIBUTE("un-secured", PROPERTY_UNPROTECTED),
	ATTRIBUTE("in-secure", PROPERTY_UNPROTECTED),
	ATTRIBUTE("non-secure", PROPERTY_UNPROTECTED),
	ATTRIBUTE("non-sec", PROPERTY_UNPROTECTED),
	ATTRIBUTE("non-trusted", PROPERTY_UNPROTECTED),
	ATTRIBUTE("un-trusted", PROPERTY_UNPROTECTED),
	ATTRIBUTE("un-encrypted", PROPERTY_UNPROTECTED),
	ATTRIBUTE("decrypted", PROPERTY_UNPROTECTED),
	ATTRIBUTE("cc-shared", PROPERTY_UNPROTECTED),
	ATTRIBUTE("zeroed", PROPERTY_OTHER),
	ATTRIBUTE("read-only", PROPERTY_OTHER),
	ATTRIBUTE("write-only", PROPERTY_OTHER),
	ATTRIBUTE("ecc", PROPERTY_OTHER),

	WORD("heap", WORD_REDUNDANT),
	WORD("region", WORD_REDUNDANT),
	WORD("pool", WORD_REDUNDANT),
	WORD("dma", WORD_REDUNDANT),
	WORD("mem", WORD_REDUNDANT),
	WORD("rmem", WORD_REDUNDANT),
	WORD("area", WORD_REDUNDANT),
	WORD("reserved", WORD_QUALIFIER),
	WORD("default", WORD_QUALIFIER),

	WORD("memory", WORD_MEMORY),
	WORD("memories", WORD_MEMORY),
	WORD("ram", WORD_MEMORY),
	WORD("sram", WORD_MEMORY),
	WORD("dram", WORD_MEMORY),
	WORD("buffer", WORD_MEMORY),
	WORD("buf", WORD_MEMORY),

	WORD("part", WORD_ORDINAL),
	WORD("partition", WORD_ORDINAL),
	WORD("bank", WORD_ORDINAL),
	WORD("nid", WORD_ORDINAL),
	WORD("node", WORD_ORDINAL),
	WORD("zone", WORD_ORDINAL),
	WORD("block", WORD_ORDINAL),
	WORD("slot", WORD_ORDINAL),
	WORD("id", WORD_ORDINAL),
	WORD("no", WORD_ORDINAL),
	WORD("num", WORD_ORDINAL),
	WORD("index", WORD_ORDINAL),
	WORD("idx", WORD_ORDINAL),

	WORD("version", WORD_VERSION),
	WORD("ver", WORD_VERSION),
	WORD("rev", WORD_VERSION),
	WORD("new", WORD_VERSION),
	WORD("old", WORD_VERSION),
	WORD("legacy", WORD_VERSION),
	WORD("tmp", WORD_VERSION),
	WORD("temp", WORD_VERSION),
	WORD("test", WORD_VERSION),
	WORD("experimental", WORD_VERSION),
	WORD("obsolete", WORD_VERSION),
	WORD("deprecated", WORD_VERSION),

	WORD("system", WORD_SYSTEM),

	WORD("video", WORD_USE),
	WORD("audio", WORD_USE),
	WORD("camera", WORD_USE),
	WORD("display", WORD_USE),
	WORD("frame-buffer", WORD_USE),
	WORD("video-buffer", WORD_USE),
	WORD("jpeg-buffer", WORD_USE),
	WORD("image-buffer", WORD_USE),
	WORD("image", WORD_USE),
	WORD("graphics", WORD_USE),
	WORD("multimedia", WORD_USE),
	WORD("media", WORD_USE),
	WORD("capture", WORD_USE),
	WORD("playback", WORD_USE),
	WORD("preview", WORD_USE),
	WORD("recording", WORD_USE),
	WORD("record", WORD_USE),
	WORD("encoder", WORD_USE),
	WORD("decoder", WORD_USE),
	WORD("encode", WORD_USE),
	WORD("decode", WORD_USE),
	WORD("codec", WORD_USE),
	WORD("jpeg", WORD_USE),
	WORD("bitstream", WORD_USE),
	WORD("subtitle", WORD_USE),
	WORD("sensor", WORD_USE),
	WORD("voice", WORD_USE),
	WORD("speech", WORD_USE),
	WORD("fingerprint", WORD_USE),
	WORD("splash", WORD_USE),
	WORD("screen", WORD_USE),
	WORD("overlay", WORD_USE),
	WORD("texture", WORD_USE),
	WORD("rendering", WORD_USE),
	WORD("scanout", WORD_USE),
	WORD("vision", WORD_USE),
	WORD("inference", WORD_USE),
	WORD("crypto", WORD_USE),
	WORD("network", WORD_USE),
	WORD("modem", WORD_USE),
	WORD("bluetooth", WORD_USE),
	WORD("firmware", WORD_USE),
	WORD("ui", WORD_USE),
	WORD("user-interface", WORD_USE),

	WORD("dsp", WORD_DEVICE),
	WORD("adsp", WORD_DEVICE),
	WORD("cdsp", WORD_DEVICE),
	WORD("gdsp", WORD_DEVICE),
	WORD("sdsp", WORD_DEVICE),
	WORD("mdsp", WORD_DEVICE),
	WORD("slpi", WORD_DEVICE),
	WORD("ipu", WORD_DEVICE),
	WORD("npu", WORD_DEVICE),
	WORD("apu", WORD_DEVICE),
	WORD("tpu", WORD_DEVICE),
	WORD("gpu", WORD_DEVICE),
	WORD("vpu", WORD_DEVICE),
	WORD("dpu", WORD_DEVICE),
	WORD("cpu", WORD_DEVICE),
	WORD("mcu", WORD_DEVICE),
	WORD("scp", WORD_DEVICE),
	WORD("isp", WORD_DEVICE),
	WORD("csi", WORD_DEVICE),
	WORD("dsi", WORD_DEVICE),
	WORD("lcd", WORD_DEVICE),
	WORD("hdmi", WORD_DEVICE),
	WORD("pcie", WORD_DEVICE),
	WORD("usb", WORD_DEVICE),
	WORD("pru", WORD_DEVICE),
	WORD("vdec", WORD_DEVICE),
	WORD("venc", WORD_DEVICE),
	WORD("rproc", WORD_DEVICE),
	WORD("remoteproc", WORD_DEVICE),
	WORD("core", WORD_DEVICE),
	WORD("processor", WORD_DEVICE),
	WORD("controller", WORD_DEVICE),

	WORD("shared", WORD_QUALIFIER),
	WORD("common", WORD_QUALIFIER),
	WORD("private", WORD_QUALIFIER),
	WORD("main", WORD_QUALIFIER),
	WORD("primary", WORD_QUALIFIER),
	WORD("secondary", WORD_QUALIFIER),
	WORD("input", WORD_QUALIFIER),
	WORD("output", WORD_QUALIFIER),
	WORD("front", WORD_QUALIFIER),
	WORD("rear", WORD_QUALIFIER),
	WORD("left", WORD_QUALIFIER),
	WORD("right", WORD_QUALIFIER),
	WORD("high", WORD_QUALIFIER),
	WORD("low", WORD_QUALIFIER),
	WORD("large", WORD_QUALIFIER),
	WORD("small", WORD_QUALIFIER),
	WORD("raw", WORD_QUALIFIER),
	WORD("for", WORD_QUALIFIER),
	WORD("and", WORD_QUALIFIER),
	WORD("of", WORD_QUALIFIER),

	WORD("linux", WORD_VENDOR),
	WORD("qcom", WORD_VENDOR),
	WORD("qti", WORD_VENDOR),
	WORD("msm", WORD_VENDOR),
	WORD("mtk", WORD_VENDOR),
	WORD("mediatek", WORD_VENDOR),
	WORD("samsung", WORD_VENDOR),
	WORD("exynos", WORD_VENDOR),
	WORD("rockchip", WORD_VENDOR),
	WORD("rk", WORD_VENDOR),
	WORD("nxp", WORD_VENDOR),
	WORD("fsl", WORD_VENDOR),
	WORD("imx", WORD_VENDOR),
	WORD("ti", WORD_VENDOR),
	WORD("st", WORD_VENDOR),
	WORD("amlogic", WORD_VENDOR),
	WORD("aml", WORD_VENDOR),
	WORD("meson", WORD_VENDOR),
	WORD("unisoc", WORD_VENDOR),
	WORD("sprd", WORD_VENDOR),
	WORD("hisi", WORD_VENDOR),
	WORD("hisilicon", WORD_VENDOR),
	WORD("nvidia", WORD_VENDOR),
	WORD("tegra", WORD_VENDOR),
	WORD("intel", WORD_VENDOR),
	WORD("amd", WORD_VENDOR),
	WORD("xlnx", WORD_VENDOR),
	WORD("xilinx", WORD_VENDOR),
	WORD("brcm", WORD_VENDOR),
	WORD("bcm", WORD_VENDOR),
	WORD("broadcom", WORD_VENDOR),
	WORD("rpi", WORD_VENDOR),
	WORD("raspberrypi", WORD_VENDOR),
	WORD("allwinner", WORD_VENDOR),
	WORD("sunxi", WORD_VENDOR),
	WORD("renesas", WORD_VENDOR),
	WORD("google", WORD_VENDOR),
	WORD("android", WORD_VENDOR),
	WORD("hailo", WORD_VENDOR),
	WORD("eswin", WORD_VENDOR),
	WORD("starfive", WORD_VENDOR),
	WORD("sophgo", WORD_VENDOR),
	WORD("cvitek", WORD_VENDOR),
	WORD("axera", WORD_VENDOR),
	WORD("sigmastar", WORD_VENDOR),
	WORD("ingenic", WORD_VENDOR),
	WORD("realtek", WORD_VENDOR),
	WORD("rtk", WORD_VENDOR),
	WORD("novatek", WORD_VENDOR),
	WORD("aspeed", WORD_VENDOR),
	WORD("arm", WORD_VENDOR),
	WORD("mali", WORD_VENDOR),
	WORD("apple", WORD_VENDOR),
};

const size_t vocabulary_count = COUNT_OF(vocabulary);

/* Says whether the parts are the letters of a spelling, and divided where it has a dash. */
static bool spells(const char *spelling, const char *name, const struct name_word *parts,
		   size_t count)
{
	for (size_t part = 0; part < count; part++) {
		const char *letters = name + parts[part].start;

		if (part && *spelling++ != '-')
			return false;
		for (size_t i = 0; i < parts[part].length; i++) {
			spelling += *spelling == '-';
			if (word_lower(letters[i]) != *spelling++)
				return false;
		}
	}
	return !*spelling;
}

const struct vocabulary_entry *vocabulary_find(const char *name, const struct name_word *parts,
					       size_t count)
{
	for (size_t i = 0; i < vocabulary_count; i++) {
		if (spells(vocabulary[i].spelling, name, parts, count))
			return &vocabulary[i];
	}
	return NULL;
}

const char *property_word(enum word_property property)
{
	static const char *const words[PROPERTY_COUNT] = {
		[PROPERTY_CACHEABLE] = "cacheable",
		[PROPERTY_UNCACHEABLE] = "uncacheable",
		[PROPERTY_CONTIGUOUS] = "contiguous",
		[PROPERTY_PROTECTED] = "protected",
	};

	return words[property];
}

/* Says whether one wrong, missing, added or transposed letter makes A of B, if any. */
static bool is_near(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (a_length > b_length + 1 || b_length > a_length + 1)
		return false;
	while (a_length && b_length && *a == *b) {
		a++, a_length--;
		b++, b_length--;
	}
	while (a_length && b_length && a[a_length - 1] == b[b_length - 1])
		a_length--, b_length--;
	if (a_length == 2 && b_length == 2)
		return a[0] == b[1] && a[1] == b[0];
	return a_length <= 1 && b_length <= 1;
}

enum word_property property_misspelt(const char *text, size_t length)
{
	static const enum word_property long_words[] = {PROPERTY_CACHEABLE, PROPERTY_UNCACHEABLE,
							PROPERTY_CONTIGUOUS, PROPERTY_PROTECTED};

	char word[16] = "";

	if (length < 8 || length >= sizeof(word))
		return PROPERTY_NONE;
	for (size_t i = 0; i < length; i++)
		word[i] = word_lower(text[i]);
	if (!strcmp(word, "projected"))
		return PROPERTY_NONE; /* a word of its own */
	for (size_t i = 0; i < COUNT_OF(long_words); i++) {
		const char *right = property_word(long_words[i]);

		if (*word == *right && is_near(word, length, right, strlen(right)))
			return long_words[i];
	}
	return PROPERTY_NONE;
}

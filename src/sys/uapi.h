/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program uses of the kernel's interface that headers of Linux 5.6, or a C library as old
 * as glibc 2.31, do not have. A definition says the version of Linux that brought it, and the file
 * it is in there. Include it after <xf86drm.h>, and in the place of the headers that it includes.
 */
#ifndef SYS_UAPI_H
#define SYS_UAPI_H

#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <linux/types.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* 5.6, include/uapi/asm-generic/unistd.h; the C library has its names from a list of its own */
#ifndef SYS_openat2
#define SYS_openat2 __NR_openat2
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd __NR_pidfd_getfd
#endif

/* 5.7, include/uapi/linux/dma-buf.h: until then there is DMA_BUF_SET_NAME only, whose number is
 * that of A on 32 bits and of B on 64 */
#ifndef DMA_BUF_SET_NAME_A
#define DMA_BUF_SET_NAME_A _IOW(DMA_BUF_BASE, 1, __u32)
#define DMA_BUF_SET_NAME_B _IOW(DMA_BUF_BASE, 1, __u64)
#endif

/* 5.7, include/uapi/linux/mman.h */
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

/* 5.13, include/uapi/linux/io_uring.h: there it is a word of an enum */
#define IORING_REGISTER_BUFFERS_UPDATE_ 16

/*
 * Expected in 7.4, include/uapi/linux/io_uring.h: until then flags is reserved, and has to be 0.
 * Under names of our own, which no header has.
 */
#define IO_RSRC_UPDATE_EXTENDED (1U << 1)
#define IO_REGBUF_DMABUF        2
struct io_regbuf_desc {
	__u32 type;
	__u32 flags;
	__u64 size;
	__u64 uaddr;
	__s32 dmabuf_fd;
	__s32 target_fd;
	__u64 reserved[6];
};
struct io_rsrc_update {
	__u32 offset;
	__u32 flags;
	__u64 data;
	__u64 tags;
	__u32 nr;
	__u32 reserved;
};

/* 5.14, include/uapi/asm-generic/mman-common.h */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23
#endif

/* 6.0, include/uapi/linux/dma-buf.h */
#ifndef DMA_BUF_IOCTL_EXPORT_SYNC_FILE
struct dma_buf_export_sync_file {
	__u32 flags;
	__s32 fd;
};
#define DMA_BUF_IOCTL_EXPORT_SYNC_FILE _IOWR(DMA_BUF_BASE, 2, struct dma_buf_export_sync_file)

struct dma_buf_import_sync_file {
	__u32 flags;
	__s32 fd;
};
#define DMA_BUF_IOCTL_IMPORT_SYNC_FILE _IOW(DMA_BUF_BASE, 3, struct dma_buf_import_sync_file)
#endif

/* 6.1, include/uapi/linux/stat.h: of struct statx, with the bit in stx_mask that says they are
 * there
 */
#ifndef STATX_DIOALIGN
#define STATX_DIOALIGN 0x2000U
#endif
struct statx_dio {
	__u32 mask;
	__u32 before[37];
	__u32 memory_align, offset_align;
	__u32 after[24];
};
_Static_assert(sizeof(struct statx_dio) == 256, "the size of struct statx");

/* 6.6, include/uapi/linux/sync_file.h */
#ifndef SYNC_IOC_SET_DEADLINE
struct sync_set_deadline {
	__u64 deadline_ns;
	__u64 pad;
};
#define SYNC_IOC_SET_DEADLINE _IOW(SYNC_IOC_MAGIC, 5, struct sync_set_deadline)
#endif

/* 6.6, include/uapi/drm/drm.h; in libdrm 2.4.116 */
#if defined(DRM_IOWR) && !defined(DRM_IOCTL_SYNCOBJ_EVENTFD)
struct drm_syncobj_eventfd {
	__u32 handle;
	__u32 flags;
	__u64 point;
	__s32 fd;
	__u32 pad;
};
#define DRM_IOCTL_SYNCOBJ_EVENTFD DRM_IOWR(0xCF, struct drm_syncobj_eventfd)
#endif

#endif

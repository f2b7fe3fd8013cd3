// SPDX-License-Identifier: GPL-2.0
/*
 * A heap for each region of reserved memory that is compatible with "carved-out".
 *
 * The memory has to be the kernel's own (no "no-map"): buffers are contiguous, cached, zeroed when
 * they are allocated and mapped page by page on demand. The heap has the full name of its node,
 * "memory@51000000". A heap cannot be removed once it is there, in no kernel so far, so the module
 * stays: it has no exit function, and rmmod is refused.
 *
 * The parameters whose names begin with "break_" make it break its promises, one each, for tests
 * that have to notice. Those that begin with "slow_" have it do more work, in turns of an empty
 * loop.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include <linux/atomic.h>
#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-heap.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/genalloc.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
#include <linux/iosys-map.h>
#endif

static bool break_zero;
module_param(break_zero, bool, 0444);
MODULE_PARM_DESC(break_zero, "buffers are not zeroed");
static bool break_size;
module_param(break_size, bool, 0444);
MODULE_PARM_DESC(break_size, "buffers are a page too long");
static bool break_short;
module_param(break_short, bool, 0444);
MODULE_PARM_DESC(break_short, "buffers are a byte too short");
static bool break_rights;
module_param(break_rights, bool, 0444);
MODULE_PARM_DESC(break_rights, "descriptors are for reading only, whatever was asked for");
static bool break_end;
module_param(break_end, bool, 0444);
MODULE_PARM_DESC(break_end, "mappings can grow, and show what lies behind the buffer");
static bool break_unmap;
module_param(break_unmap, bool, 0444);
MODULE_PARM_DESC(break_unmap, "a buffer that is closed before it is unmapped is lost");
static bool break_reference;
module_param(break_reference, bool, 0444);
MODULE_PARM_DESC(break_reference, "a mapping does not hold the memory behind its descriptor");
static bool break_sync;
module_param(break_sync, bool, 0444);
MODULE_PARM_DESC(break_sync, "CPU access is refused");
static bool break_release;
module_param(break_release, bool, 0444);
MODULE_PARM_DESC(break_release, "the memory of closed buffers does not come back");
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
static bool break_fence;
module_param(break_fence, bool, 0444);
MODULE_PARM_DESC(break_fence, "buffers have a write fence that never signals");
#endif
static bool break_attach;
module_param(break_attach, bool, 0444);
MODULE_PARM_DESC(break_attach, "devices cannot attach: EIO");
static bool break_mmap;
module_param(break_mmap, bool, 0444);
MODULE_PARM_DESC(break_mmap, "a buffer cannot be mapped: EIO");
static bool break_mmap_large;
module_param(break_mmap_large, bool, 0444);
MODULE_PARM_DESC(break_mmap_large, "a mapping of more than 64 KiB is refused with EIO");
static bool break_mmap_part;
module_param(break_mmap_part, bool, 0444);
MODULE_PARM_DESC(break_mmap_part, "a mapping of less than the buffer is refused with EINVAL");
static bool break_length;
module_param(break_length, bool, 0444);
MODULE_PARM_DESC(break_length, "the length is cut to 32 bits");
static bool break_unmap_early;
module_param(break_unmap_early, bool, 0444);
MODULE_PARM_DESC(break_unmap_early, "the memory of a buffer that nothing maps is given to others");
static bool break_unmap_part;
module_param(break_unmap_part, bool, 0444);
MODULE_PARM_DESC(break_unmap_part,
		 "the memory of a buffer is given to others when a part is unmapped");
static bool break_rest;
module_param(break_rest, bool, 0444);
MODULE_PARM_DESC(break_rest, "when a part is unmapped, pages that were not touched are lost");
static bool break_torn;
module_param(break_torn, bool, 0444);
MODULE_PARM_DESC(break_torn, "a buffer of which a part was unmapped is lost");
static bool break_fork;
module_param(break_fork, bool, 0444);
MODULE_PARM_DESC(break_fork, "a buffer whose mapping a child has inherited is lost");
static bool break_end_read;
module_param(break_end_read, bool, 0444);
MODULE_PARM_DESC(break_end_read, "the data is lost when CPU access for reading ends");
static bool break_sync_attached;
module_param(break_sync_attached, bool, 0444);
MODULE_PARM_DESC(break_sync_attached, "CPU access is refused while a device is attached");
static bool break_detach;
module_param(break_detach, bool, 0444);
MODULE_PARM_DESC(break_detach, "a buffer that a device was attached to is lost");
static bool break_map;
module_param(break_map, bool, 0444);
MODULE_PARM_DESC(break_map, "devices cannot map: EIO");
static bool break_vmap;
module_param(break_vmap, bool, 0444);
MODULE_PARM_DESC(break_vmap, "drivers are given the memory behind the buffer");
static bool break_vunmap;
module_param(break_vunmap, bool, 0444);
MODULE_PARM_DESC(break_vunmap, "a buffer that a driver has mapped for itself is lost");
static bool break_private;
module_param(break_private, bool, 0444);
MODULE_PARM_DESC(break_private, "private mappings are accepted, and are shared");
static bool break_zero_tail;
module_param(break_zero_tail, bool, 0444);
MODULE_PARM_DESC(break_zero_tail, "buffers are zeroed up to 1 MiB only");
static bool break_fault_wrap;
module_param(break_fault_wrap, bool, 0444);
MODULE_PARM_DESC(break_fault_wrap, "page 256 of a mapping is page 0 again");
static bool break_many;
module_param(break_many, bool, 0444);
MODULE_PARM_DESC(break_many, "the 65th buffer has the memory of the first");

static unsigned int slow_alloc;
module_param(slow_alloc, uint, 0644);
MODULE_PARM_DESC(slow_alloc, "turns of a loop in an allocation");
static unsigned int slow_fault;
module_param(slow_fault, uint, 0644);
MODULE_PARM_DESC(slow_fault, "turns of a loop in a page fault");
static unsigned int slow_free;
module_param(slow_free, uint, 0644);
MODULE_PARM_DESC(slow_free, "turns of a loop in the release of a buffer");

static void turn(unsigned int turns)
{
	while (turns--)
		barrier();
}

/* No promise is broken by it: so are the heaps of protected memory. */
static bool unmappable;
module_param(unmappable, bool, 0644);
MODULE_PARM_DESC(unmappable, "buffers cannot be mapped");

/*
 * Kernels before the heaps could be modules do not export dma_heap_add(). There the address comes
 * from /proc/kallsyms: insmod carveout-heap.ko heap_add=0x…
 */
typeof(dma_heap_add) dma_heap_add __weak;
static typeof(dma_heap_add) *add_heap = dma_heap_add;
static unsigned long heap_add;
module_param(heap_add, ulong, 0400);
MODULE_PARM_DESC(heap_add, "address of dma_heap_add(), for kernels that do not export it");

struct carveout {
	struct list_head node;
	struct dma_heap *heap;
	const char *name;
	struct gen_pool *pool; /* of physical addresses */
};

struct carveout_buffer {
	struct carveout *carveout;
	struct mutex lock; /* of attachments and mappings */
	struct list_head attachments;
	phys_addr_t base;
	size_t size;
	int mappings;
	bool lost;      /* its memory never comes back */
	bool given_out; /* its memory is not, or no longer, its own */
	bool torn;      /* a part of it was unmapped */
};

struct carveout_attachment {
	struct list_head node;
	struct device *device;
	struct sg_table table;
	bool mapped;
};

static LIST_HEAD(carveouts);
static DEFINE_MUTEX(carveouts_lock);

/* For break_many: how many buffers there are, and the first. */
static struct {
	atomic_t buffers;
	phys_addr_t base;
	size_t size;
} live;

/* Gives the memory back although the buffer is still there; its lock is held. */
static void carveout_give_out(struct carveout_buffer *buffer)
{
	if (!buffer->given_out)
		gen_pool_free(buffer->carveout->pool, buffer->base, buffer->size);
	buffer->given_out = true;
}

/* What devices do with a buffer. */

static int carveout_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct carveout_buffer *buffer = dmabuf->priv;
	struct carveout_attachment *own = kzalloc(sizeof(*own), GFP_KERNEL);
	int error;

	if (break_attach) {
		kfree(own);
		return -EIO;
	}
	if (!own)
		return -ENOMEM;
	error = sg_alloc_table(&own->table, 1, GFP_KERNEL);
	if (error) {
		kfree(own);
		return error;
	}
	sg_set_page(own->table.sgl, phys_to_page(buffer->base), buffer->size, 0);
	own->device = attachment->dev;
	attachment->priv = own;
	mutex_lock(&buffer->lock);
	list_add(&own->node, &buffer->attachments);
	mutex_unlock(&buffer->lock);
	return 0;
}

static void carveout_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct carveout_buffer *buffer = dmabuf->priv;
	struct carveout_attachment *own = attachment->priv;

	mutex_lock(&buffer->lock);
	buffer->lost = buffer->lost || break_detach;
	list_del(&own->node);
	mutex_unlock(&buffer->lock);
	sg_free_table(&own->table);
	kfree(own);
}

static struct sg_table *carveout_map(struct dma_buf_attachment *attachment,
				     enum dma_data_direction direction)
{
	struct carveout_attachment *own = attachment->priv;
	int error;

	if (break_map)
		return ERR_PTR(-EIO);
	error = dma_map_sgtable(attachment->dev, &own->table, direction, 0);
	if (error)
		return ERR_PTR(error);
	own->mapped = true;
	return &own->table;
}

static void carveout_unmap(struct dma_buf_attachment *attachment, struct sg_table *table,
			   enum dma_data_direction direction)
{
	struct carveout_attachment *own = attachment->priv;

	own->mapped = false;
	dma_unmap_sgtable(attachment->dev, table, direction, 0);
}

/* What the CPU does with it. */

static int carveout_begin_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct carveout_buffer *buffer = dmabuf->priv;
	struct carveout_attachment *own;

	if (break_sync)
		return -EIO;
	mutex_lock(&buffer->lock);
	if (break_sync_attached && !list_empty(&buffer->attachments)) {
		mutex_unlock(&buffer->lock);
		return -EIO;
	}
	list_for_each_entry(own, &buffer->attachments, node)
	{
		if (own->mapped)
			dma_sync_sgtable_for_cpu(own->device, &own->table, direction);
	}
	mutex_unlock(&buffer->lock);
	return 0;
}

static int carveout_end_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct carveout_buffer *buffer = dmabuf->priv;
	struct carveout_attachment *own;

	mutex_lock(&buffer->lock);
	list_for_each_entry(own, &buffer->attachments, node)
	{
		if (own->mapped)
			dma_sync_sgtable_for_device(own->device, &own->table, direction);
	}
	if (break_end_read && direction == DMA_FROM_DEVICE)
		memset(phys_to_virt(buffer->base), 0, buffer->size);
	mutex_unlock(&buffer->lock);
	return 0;
}

static void carveout_vma_open(struct vm_area_struct *vma)
{
	struct carveout_buffer *buffer = vma->vm_private_data;

	mutex_lock(&buffer->lock);
	buffer->mappings++;
	if (break_fork && vma->vm_mm != current->mm)
		buffer->lost = true;
	mutex_unlock(&buffer->lock);
}

static void carveout_vma_close(struct vm_area_struct *vma)
{
	struct carveout_buffer *buffer = vma->vm_private_data;
	bool part = vma->vm_end - vma->vm_start < buffer->size;

	mutex_lock(&buffer->lock);
	/* the reference of this mapping is the last */
	if (!--buffer->mappings && break_unmap && file_count(vma->vm_file) == 1)
		buffer->lost = true;
	if (break_unmap_early && !buffer->mappings)
		carveout_give_out(buffer);
	if (break_unmap_part && buffer->mappings && part)
		carveout_give_out(buffer);
	buffer->torn = buffer->torn || part;
	mutex_unlock(&buffer->lock);
}

static vm_fault_t carveout_fault(struct vm_fault *fault)
{
	struct carveout_buffer *buffer = fault->vma->vm_private_data;
	unsigned long page = break_fault_wrap ? fault->pgoff % 256 : fault->pgoff;
	unsigned long pfn = PHYS_PFN(buffer->base) + page;

	turn(slow_fault);
	if (break_rest && buffer->torn)
		return VM_FAULT_SIGBUS;
	if (break_reference && file_count(fault->vma->vm_file) == buffer->mappings)
		return VM_FAULT_SIGBUS;
	if (break_end) {
		fault->page = pfn_to_page(pfn);
		get_page(fault->page);
		return 0;
	}
	if (fault->pgoff >= buffer->size >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(fault->vma, fault->address, pfn);
}

static const struct vm_operations_struct carveout_vm_ops = {
	.open = carveout_vma_open,
	.close = carveout_vma_close,
	.fault = carveout_fault,
};

static int carveout_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	const size_t length = vma->vm_end - vma->vm_start;

	if (break_mmap || (break_mmap_large && length > SZ_64K))
		return -EIO;
	if (break_mmap_part && length < dmabuf->size)
		return -EINVAL;
	if (break_private && !(vma->vm_flags & VM_MAYSHARE)) {
		struct carveout_buffer *buffer = dmabuf->priv;

		vma->vm_page_prot = vm_get_page_prot(vma->vm_flags | VM_SHARED);
		return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(buffer->base) + vma->vm_pgoff,
				       length, vma->vm_page_prot);
	}
	/* VM_SHARED alone is not set where the descriptor is for reading only */
	if (!(vma->vm_flags & (VM_SHARED | VM_MAYSHARE)))
		return -EINVAL;
	vma->vm_ops = &carveout_vm_ops;
	vma->vm_private_data = dmabuf->priv;
	if (!break_end) {
		const unsigned long flags = VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
		vm_flags_set(vma, flags);
#else
		vma->vm_flags |= flags;
#endif
	}
	carveout_vma_open(vma);
	return 0;
}

/* Cached memory of the kernel's own: it is mapped already. */
static void *carveout_memory(struct dma_buf *dmabuf)
{
	struct carveout_buffer *buffer = dmabuf->priv;

	buffer->lost = buffer->lost || break_vunmap;
	return phys_to_virt(buffer->base + (break_vmap ? buffer->size : 0));
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
static int carveout_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	iosys_map_set_vaddr(map, carveout_memory(dmabuf));
	return 0;
}
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
static int carveout_vmap(struct dma_buf *dmabuf, struct dma_buf_map *map)
{
	dma_buf_map_set_vaddr(map, carveout_memory(dmabuf));
	return 0;
}
#else
static void *carveout_vmap(struct dma_buf *dmabuf)
{
	return carveout_memory(dmabuf);
}
#endif

static void carveout_release(struct dma_buf *dmabuf)
{
	struct carveout_buffer *buffer = dmabuf->priv;

	turn(slow_free);
	atomic_dec(&live.buffers);
	if (!break_release && !buffer->lost && !buffer->given_out && !(break_torn && buffer->torn))
		gen_pool_free(buffer->carveout->pool, buffer->base, buffer->size);
	mutex_destroy(&buffer->lock);
	kfree(buffer);
}

static const struct dma_buf_ops carveout_buf_ops = {
	.attach = carveout_attach,
	.detach = carveout_detach,
	.map_dma_buf = carveout_map,
	.unmap_dma_buf = carveout_unmap,
	.begin_cpu_access = carveout_begin_cpu_access,
	.end_cpu_access = carveout_end_cpu_access,
	.mmap = carveout_mmap,
	.vmap = carveout_vmap,
	.release = carveout_release,
};

static const struct dma_buf_ops carveout_unmappable_ops = {
	.attach = carveout_attach,
	.detach = carveout_detach,
	.map_dma_buf = carveout_map,
	.unmap_dma_buf = carveout_unmap,
	.release = carveout_release,
};

/* The carve-out behind a heap; NULL while it is still being added. */
static struct carveout *carveout_of(const struct dma_heap *heap)
{
	struct carveout *carveout, *found = NULL;

	mutex_lock(&carveouts_lock);
	list_for_each_entry(carveout, &carveouts, node)
	{
		if (carveout->heap == heap)
			found = carveout;
	}
	mutex_unlock(&carveouts_lock);
	return found;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
static const char *never_name(struct dma_fence *fence)
{
	return "never";
}

static const struct dma_fence_ops never_ops = {
	.get_driver_name = never_name,
	.get_timeline_name = never_name,
};

static void carveout_fence(struct dma_buf *dmabuf)
{
	static DEFINE_SPINLOCK(lock);
	struct dma_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);

	if (!fence)
		return;
	dma_fence_init(fence, &never_ops, &lock, dma_fence_context_alloc(1), 1);
	dma_resv_lock(dmabuf->resv, NULL);
	if (!dma_resv_reserve_fences(dmabuf->resv, 1))
		dma_resv_add_fence(dmabuf->resv, fence, DMA_RESV_USAGE_WRITE);
	dma_resv_unlock(dmabuf->resv);
	dma_fence_put(fence);
}
#endif

static struct dma_buf *carveout_buffer_new(struct dma_heap *heap, unsigned long size, u32 fd_flags)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct carveout *carveout = carveout_of(heap);
	struct carveout_buffer *buffer;
	struct dma_buf *dmabuf;

	if (!carveout)
		return ERR_PTR(-ENODEV);
	turn(slow_alloc);
	if (break_size)
		size += PAGE_SIZE;
	if (break_length)
		size = (u32)size;
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	buffer->given_out = break_many && atomic_read(&live.buffers) >= 64 && size <= live.size;
	buffer->base = buffer->given_out ? live.base : gen_pool_alloc(carveout->pool, size);
	if (!buffer->base) {
		kfree(buffer);
		return ERR_PTR(-ENOMEM);
	}
	buffer->carveout = carveout;
	buffer->size = size;
	mutex_init(&buffer->lock);
	INIT_LIST_HEAD(&buffer->attachments);
	if (!break_zero)
		memset(phys_to_virt(buffer->base), 0,
		       break_zero_tail ? min_t(size_t, size, SZ_1M) : size);

	info.exp_name = carveout->name;
	info.ops = unmappable ? &carveout_unmappable_ops : &carveout_buf_ops;
	info.size = break_short ? size - 1 : size;
	info.flags = break_rights ? (fd_flags & ~O_ACCMODE) : fd_flags;
	info.priv = buffer;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf)) {
		if (!buffer->given_out)
			gen_pool_free(carveout->pool, buffer->base, size);
		kfree(buffer);
	} else if (atomic_inc_return(&live.buffers) == 1) {
		live.base = buffer->base;
		live.size = size;
	}
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
	if (break_fence && !IS_ERR(dmabuf))
		carveout_fence(dmabuf);
#endif
	return dmabuf;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
static struct dma_buf *carveout_allocate(struct dma_heap *heap, unsigned long size, u32 fd_flags,
					 u64 heap_flags)
{
	return carveout_buffer_new(heap, size, fd_flags);
}
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
static struct dma_buf *carveout_allocate(struct dma_heap *heap, unsigned long size,
					 unsigned long fd_flags, unsigned long heap_flags)
{
	return carveout_buffer_new(heap, size, fd_flags);
}
#else
static int carveout_allocate(struct dma_heap *heap, unsigned long size, unsigned long fd_flags,
			     unsigned long heap_flags)
{
	struct dma_buf *dmabuf = carveout_buffer_new(heap, size, fd_flags);
	int fd;

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	fd = dma_buf_fd(dmabuf, fd_flags);
	if (fd < 0)
		dma_buf_put(dmabuf);
	return fd;
}
#endif

static const struct dma_heap_ops carveout_heap_ops = {
	.allocate = carveout_allocate,
};

static int carveout_add(struct device_node *node)
{
	struct dma_heap_export_info info = {.ops = &carveout_heap_ops};
	struct carveout *carveout;
	struct resource region;
	struct dma_heap *heap;
	int error;

	error = of_address_to_resource(node, 0, &region);
	if (error)
		return error;
	if (!pfn_valid(PHYS_PFN(region.start)) || !pfn_valid(PHYS_PFN(region.end)) ||
	    of_property_read_bool(node, "no-map"))
		return -ENXIO;
	carveout = kzalloc(sizeof(*carveout), GFP_KERNEL);
	if (!carveout)
		return -ENOMEM;
	carveout->name = kstrdup(kbasename(node->full_name), GFP_KERNEL);
	carveout->pool = gen_pool_create(PAGE_SHIFT, NUMA_NO_NODE);
	error = -ENOMEM;
	if (!carveout->name || !carveout->pool)
		goto free;
	error = gen_pool_add(carveout->pool, region.start, resource_size(&region), NUMA_NO_NODE);
	if (error)
		goto free;
	info.name = carveout->name;
	info.priv = carveout;
	heap = add_heap(&info);
	error = PTR_ERR_OR_ZERO(heap);
	if (error)
		goto free;
	mutex_lock(&carveouts_lock);
	carveout->heap = heap;
	list_add(&carveout->node, &carveouts);
	mutex_unlock(&carveouts_lock);
	pr_info("heap %s: %pR\n", carveout->name, &region);
	return 0;
free:
	if (carveout->pool)
		gen_pool_destroy(carveout->pool);
	kfree(carveout->name);
	kfree(carveout);
	return error;
}

static int __init carveout_init(void)
{
	struct device_node *parent, *node;
	int added = 0;

	if (!add_heap)
		add_heap = (typeof(add_heap))heap_add;
	if (!add_heap) {
		pr_err("this kernel does not export dma_heap_add(): set the parameter heap_add\n");
		return -EOPNOTSUPP;
	}
	parent = of_find_node_by_path("/reserved-memory");
	for_each_available_child_of_node(parent, node)
	{
		int error;

		if (!of_device_is_compatible(node, "carved-out"))
			continue;
		error = carveout_add(node);
		if (error)
			pr_err("%pOF: no heap: %d\n", node, error);
		else
			added++;
	}
	of_node_put(parent);
	return added ? 0 : -ENODEV;
}
module_init(carveout_init);

MODULE_DESCRIPTION("Heaps of reserved memory with the binding carved-out");
MODULE_LICENSE("GPL");
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS("DMA_BUF");
MODULE_IMPORT_NS("DMA_BUF_HEAP");
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
MODULE_IMPORT_NS(DMA_BUF);
#endif

// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/bare-fence: fences that have no .release and no .wait, so that nothing of this module is
 * needed once they have signalled: on a kernel that knows this, the module can go while sync files
 * of them are in use.
 *
 * Each ioctl 'B' 0 makes a fence and returns a descriptor of its sync file; 'B' 1 signals the
 * oldest that has not signalled (ENOENT: none is left). Closing the device signals all. The fences
 * keep no reference to the module.
 */
#include <linux/dma-fence.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sync_file.h>

#define BARE_MAKE   _IO('B', 0)
#define BARE_SIGNAL _IO('B', 1)

/* Freed by dma_fence_free(), so the fence comes first; the lock may be used as long as the fence.
 */
struct bare {
	struct dma_fence fence;
	spinlock_t lock;
};

/* A fence that has not signalled: the list has a reference. */
struct bare_pending {
	struct list_head node;
	struct bare *bare;
};

static LIST_HEAD(pending);
static DEFINE_MUTEX(pending_lock);

static const char *bare_driver(struct dma_fence *fence)
{
	return "bare";
}

static const char *bare_timeline(struct dma_fence *fence)
{
	return "bare-line";
}

static const struct dma_fence_ops bare_ops = {
	.get_driver_name = bare_driver,
	.get_timeline_name = bare_timeline,
};

static int bare_make(void)
{
	struct bare_pending *entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	struct bare *bare = kzalloc(sizeof(*bare), GFP_KERNEL);
	struct sync_file *file;
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (!entry || !bare || fd < 0)
		goto fail;
	spin_lock_init(&bare->lock);
	dma_fence_init(&bare->fence, &bare_ops, &bare->lock, dma_fence_context_alloc(1), 1);
	file = sync_file_create(&bare->fence);
	if (!file) {
		dma_fence_put(&bare->fence);
		bare = NULL;
		goto fail;
	}
	entry->bare = bare;
	mutex_lock(&pending_lock);
	list_add_tail(&entry->node, &pending);
	mutex_unlock(&pending_lock);
	fd_install(fd, file->file);
	return fd;
fail:
	if (fd >= 0)
		put_unused_fd(fd);
	kfree(bare);
	kfree(entry);
	return fd < 0 ? fd : -ENOMEM;
}

static int bare_signal(void)
{
	struct bare_pending *entry;

	mutex_lock(&pending_lock);
	entry = list_first_entry_or_null(&pending, struct bare_pending, node);
	if (entry)
		list_del(&entry->node);
	mutex_unlock(&pending_lock);
	if (!entry)
		return -ENOENT;
	dma_fence_signal(&entry->bare->fence);
	dma_fence_put(&entry->bare->fence);
	kfree(entry);
	return 0;
}

static long bare_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case BARE_MAKE:
		return bare_make();
	case BARE_SIGNAL:
		return bare_signal();
	default:
		return -ENOTTY;
	}
}

static int bare_close(struct inode *inode, struct file *file)
{
	while (!bare_signal())
		;
	return 0;
}

static const struct file_operations bare_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = bare_ioctl,
	.release = bare_close,
};

static struct miscdevice bare_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bare-fence",
	.fops = &bare_fops,
};

static int __init bare_init(void)
{
	return misc_register(&bare_device);
}
module_init(bare_init);

static void __exit bare_exit(void)
{
	misc_deregister(&bare_device);
	/* who has looked up a name before the signal is done with it then: the rule for drivers */
	synchronize_rcu();
}
module_exit(bare_exit);

MODULE_DESCRIPTION("Fences that outlive their module");
MODULE_LICENSE("GPL");

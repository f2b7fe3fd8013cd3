// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/video63: looks like a camera that takes dma-bufs, and does not return from a call.
 *
 * open=SECONDS: from open(2), unless a signal comes. queue=SECONDS: from VIDIOC_QBUF, whatever
 * comes.
 */
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/videodev2.h>

static unsigned int open;
module_param(open, uint, 0);
static unsigned int queue;
module_param(queue, uint, 0);

static int stuck_open(struct inode *inode, struct file *file)
{
	return open && schedule_timeout_interruptible(open * HZ) ? -ERESTARTSYS : 0;
}

static long stuck_query(void __user *argument)
{
	struct v4l2_capability able = {
		.driver = "stuck",
		.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING,
	};

	return copy_to_user(argument, &able, sizeof(able)) ? -EFAULT : 0;
}

static long stuck_format(void __user *argument)
{
	struct v4l2_format format;

	if (copy_from_user(&format, argument, sizeof(format)))
		return -EFAULT;
	if (format.type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
		return -EINVAL;
	format.fmt.pix = (struct v4l2_pix_format){
		.width = 64, .height = 64, .pixelformat = V4L2_PIX_FMT_GREY, .sizeimage = 4096};
	return copy_to_user(argument, &format, sizeof(format)) ? -EFAULT : 0;
}

static long stuck_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case VIDIOC_QUERYCAP:
		return stuck_query((void __user *)argument);
	case VIDIOC_G_FMT:
		return stuck_format((void __user *)argument);
	case VIDIOC_REQBUFS:
		return 0;
	case VIDIOC_QBUF:
		if (queue)
			schedule_timeout_uninterruptible(queue * HZ);
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations stuck_fops = {
	.owner = THIS_MODULE,
	.open = stuck_open,
	.unlocked_ioctl = stuck_ioctl,
};

static struct miscdevice stuck_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "video63",
	.fops = &stuck_fops,
};
module_misc_device(stuck_device);

MODULE_DESCRIPTION("A camera that does not answer");
MODULE_LICENSE("GPL");

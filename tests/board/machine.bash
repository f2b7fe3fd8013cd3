# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # settings for the other parts
#
# What depends on the architecture of the board: names of it, compiler, emulator, machine.

architectures='arm64 armhf riscv64 amd64'

# Sets, for the architecture `arch`: kernel_arch and kernel_target (the kernel's name of it, and the image
# below arch/*/boot), triplet and cross (the compiler's prefix), qemu, machine_type, cpu, console (the
# terminal of the serial port), bus (of the virtio devices).
architecture()
{
	machine_type=virt bus=device console=ttyAMA0 kernel_target=Image
	case $arch in
	arm64)
		kernel_arch=arm64
		triplet=aarch64-linux-gnu
		qemu='qemu-system-aarch64'
		machine_type+=,gic-version=3
		cpu=cortex-a72
		;;
	armhf)
		kernel_arch=arm
		kernel_target=zImage
		triplet=arm-linux-gnueabihf
		qemu='qemu-system-arm'
		cpu=cortex-a15
		;;
	riscv64)
		kernel_arch=riscv
		triplet=riscv64-linux-gnu
		qemu='qemu-system-riscv64'
		console=ttyS0
		cpu=rv64
		;;
	amd64)
		kernel_arch=x86
		triplet=x86_64-linux-gnu
		qemu='qemu-system-x86_64'
		machine_type=q35
		bus=pci
		console=ttyS0
		cpu=Nehalem
		;;
	*) usage_error "--arch: $arch is none of $architectures" ;;
	esac
	cross=$triplet-
	if [[ $arch == amd64 ]]; then
		: "${kernel:=debian}"
		[[ ! $kernel =~ $kernels ]] || usage_error "--arch amd64: only Debian's own kernels, no $kernel"
		[[ -z $tree ]] || usage_error "--tree: an amd64 machine has no device tree"
	fi
	: "${kernel:=new}"
	if [[ -z $tree ]]; then
		tree=virt
		[[ $arch != riscv64 ]] || tree=virt-riscv64
		[[ ! $kernel =~ $images || $arch == riscv64 ]] || tree=virt-debian
	fi
	[[ ${#configs[@]} == 0 || $kernel =~ $kernels ]] ||
		usage_error "--config: only for kernels that are built here, not for $kernel"
	if [[ -n $disk && $kernel =~ $kernels ]]; then
		configs+=(disk)
	elif [[ -n $disk ]]; then
		debian_modules+=(virtio_blk ext4)
	fi
}

# KVM is not used: the host is rarely of the board's architecture, and where /dev/kvm is there but does not
# work, QEMU hangs.
set_machine()
{
	local size=$memory
	if [[ -z $size ]]; then
		size=512M
		# Four queues of the serial ports hold 1024 pages each: 256 MiB where a page is 64 KiB.
		[[ " ${configs[*]} " != *" 64k "* && $arch != amd64 ]] || size=1G
	fi
	machine=(-M "$machine_type" -cpu "$cpu" -m "$size" -smp "$cpus" -nodefaults -display none)
	# blob resources are made of the guest's memory
	[[ $blob == no ]] || machine+=(-object "memory-backend-memfd,id=memory,size=$size,share=on" -machine memory-backend=memory)
}

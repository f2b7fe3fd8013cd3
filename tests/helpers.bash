DMAHEAP=${DMAHEAP:-$(command -v dmaheap || echo $BATS_TEST_DIRNAME/../build/dev/dmaheap)}
requires() {
	case $1 in
	heap) [ -e "/dev/dma_heap/${2-}" ] || skip "no heap $2";;
	root) [ "$(id -u)" -eq 0 ] || skip "no root";;
	user) id user >/dev/null 2>&1 || skip "no user";;
	cma-counters) [ -d /sys/kernel/mm/cma ] || skip "no counters";;
	esac
}
run_as_user() { setpriv --reuid user --regid user --clear-groups "$@"; }

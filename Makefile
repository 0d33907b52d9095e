# The front door: what a newcomer types. The work is done by meson and tools/.
#
#   make          build selcage into build/release
#   make demo     install what is missing, then show the main job on examples/
#   make check    install what is missing, then build and run every test
#   make check-vm the tests that need an enforcing kernel, in guests in QEMU: small
#                 programs, then podman and real servers; check-vm-fast the first alone
#   make lint     read the code: format, clang-tidy, analyzer, layers, shell
#   make fuzz     each fuzzer for FUZZ_SECONDS (30)
#   make bench    our speed beside that of the tools people use today
#   make policy   the policy that all of these work against, in build/policy
#   make clean    remove what these built, but for the policy

FUZZ_SECONDS = 30

all:
	@tools/install-deps run
	@tools/build build/release
	@echo build/release/selcage

demo:
	@tools/install-deps run
	@tools/make-policy build/policy
	@tools/demo build/demo

check:
	@tools/install-deps run check
	@tools/check build

check-vm:
	@tools/install-deps run check vm
	@tools/check-vm build/vm

check-vm-fast:
	@tools/install-deps run check vm
	@tools/check-vm build/vm fast

lint:
	@tools/install-deps run check lint
	@tools/lint build/lint

fuzz:
	@tools/install-deps run check
	@tools/make-policy build/policy
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tools/fuzz build/fuzz

bench:
	@tools/install-deps run check
	@tools/make-policy build/policy
	@tools/build build/release
	@tests/bench/run build/release/selcage

policy:
	@tools/install-deps run
	@tools/make-policy build/policy

install: all
	meson install -C build/release --no-rebuild

clean:
	rm -rf build/release build/demo build/check-* build/lint build/fuzz build/bench \
		build/vm

.PHONY: all demo check check-vm check-vm-fast lint fuzz bench policy install clean

/// Stacks of layers as podman and the kernel's overlayfs see them, ours beside theirs. `./check`
/// runs these.
package io.github.container2boot.podman;

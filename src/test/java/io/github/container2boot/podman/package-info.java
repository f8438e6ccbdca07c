/// Images that a real podman builds, ours beside what podman mounts. `./check` runs these.
package io.github.container2boot.podman;

/// The packages that `package/make` has made, on a system that has nothing else of ours: see the
/// tests tagged `package`.
package io.github.container2boot.packages;

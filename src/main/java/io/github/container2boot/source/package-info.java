/// What a user names an image by, and opening it, wherever that is.
///
/// The transports are those of containers-transports(5). Each lies in a package of its own below
/// `oci` and knows none of the others; only
/// [SourceOpener][io.github.container2boot.source.SourceOpener] knows all of them.
package io.github.container2boot.source;

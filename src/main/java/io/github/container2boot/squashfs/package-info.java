/// SquashFS 4.0: writer, reader, and assembler.
package io.github.container2boot.squashfs;

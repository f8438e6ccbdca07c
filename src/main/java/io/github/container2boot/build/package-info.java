/// From choices to files: runs the whole journey of an image and puts the outputs in their place.
///
/// A [BuildPlan][io.github.container2boot.build.BuildPlan] holds every choice of a build, each a
/// sealed type, so that a new choice is a record and the cases the compiler then demands.
/// [ImageBuilder][io.github.container2boot.build.ImageBuilder] carries it out and tells a
/// [Progress][io.github.container2boot.build.Progress] how far it is.
///
/// **Outputs appear only when complete.** An
/// [OutputDirectory][io.github.container2boot.build.OutputDirectory] writes everything into a
/// staging directory inside the output directory, thus on the same file system, syncs it, and in
/// the end renames each output over what was there before. A build that fails, is interrupted or is
/// killed changes nothing; what a killed one leaves behind is swept away by the next. Any number of
/// builds may share an output directory: each output is then that of one of them, whole, and so is
/// the set.
///
/// **Nothing is moved twice.** File regions are copied by the kernel (copy_file_range(2) behind
/// FileChannel.transferTo, which shares the blocks where the file system can), holes stay holes,
/// and the SHA-256 of every output is computed on a second thread while the first one writes.
///
/// **The manifest** (`manifest.json`, [Manifest][io.github.container2boot.build.Manifest]) says
/// what was made from what. It holds neither times of the build nor names of the machine: the same
/// input and choices give the same bytes.
package io.github.container2boot.build;

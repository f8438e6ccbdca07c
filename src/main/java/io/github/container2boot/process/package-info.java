/// Programs of this machine that are started because the user asked for what only they have.
///
/// [SearchPath][io.github.container2boot.process.SearchPath] finds one,
/// [ChildProcess][io.github.container2boot.process.ChildProcess] is one that runs.
package io.github.container2boot.process;

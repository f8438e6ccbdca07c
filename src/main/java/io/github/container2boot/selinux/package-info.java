/// SELinux file labels, decided from the policy that an image brings along.
///
/// A machine that enforces SELinux expects every inode to carry its security context in the
/// extended attribute `security.selinux`. A container image has none: they are left out when a
/// layer is made. [FileContexts][io.github.container2boot.selinux.FileContexts] gives each path the
/// context that `setfiles` and `restorecon` would give it, because it reads the same file and goes
/// by the same rules: selabel_file(5), file_contexts(5), selinux_config(5), and where those are
/// silent, what libselinux does.
///
/// **Which policy.** The one that `SELINUXTYPE` in /etc/selinux/config names, as libselinux; where
/// there is no such line, `targeted` (libselinux's default) or else `default` (Debian's). Whether
/// `SELINUX=` says enforcing, permissive or disabled changes nothing here, as it changes nothing
/// for `setfiles -r`: that is a decision of each boot (`enforcing=`, `selinux=` on the command
/// line), and labels that are missing on a read-only root could not be added later.
///
/// **Which files.** `contexts/files/file_contexts` and beside it `.homedirs`, `.local`, `.subs` and
/// `.subs_dist`, always as text. libselinux prefers `file_contexts.bin` where it is newer; it is
/// the same list with compiled regular expressions of one PCRE version on one kind of machine. The
/// placeholders HOME_DIR, ROLE and USER appear in the policy's `.template` only: `.homedirs` is
/// what genhomedircon(8) made of it.
///
/// **Which line.** A path is first rewritten: by the last line of `.subs` that fits, then by the
/// last line of `.subs_dist` that fits. A line without metacharacters that names exactly this path
/// and admits its file type beats any regular expression; otherwise the last regular expression
/// that matches and admits the file type wins, `file_contexts` being read first, then `.homedirs`,
/// then `.local`. `<<none>>` means that the path has no label from the policy.
///
/// **Where releases of libselinux differ** we keep to what file_contexts(5) says. Of two identical
/// exact lines in one file that both admit a file, the last wins (since 3.8 the order is left to
/// qsort). A regular expression in a later line wins over an earlier `<<none>>` (since 3.8 a
/// `<<none>>` below a deeper directory wins). The first directory of an expression must be the
/// first directory of the path (since 3.8 the first three must be), which only shows where a slash
/// is quantified. An escaped letter makes a line a regular expression (before 3.8 it did not).
///
/// **What is stored** is the context followed by one NUL byte: lsetfilecon(3) writes
/// `strlen(context) + 1` bytes, mksquashfs copies them, and an SELinux kernel answers getxattr(2)
/// so (gensquashfs leaves the NUL out; the kernel takes both). MLS and MCS ranges stay as the
/// policy writes them. Contexts are not checked against any policy, least of all the build host's:
/// types that only the image knows are what images are for.
///
/// **Regular expressions** are PCRE, matched against bytes. They are run by an engine of our own,
/// see [PathExpression][io.github.container2boot.selinux.PathExpression]: it answers in time
/// proportional to the path, whatever a policy asks for.
package io.github.container2boot.selinux;

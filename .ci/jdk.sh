# shellcheck shell=sh
# Finds a JDK for the scripts that run Maven; to be sourced. ./container2boot finds its own: it is also
# installed without these sources.

# Sets jdk to the home of a JDK that can run and build the program, and exports it as JAVA_HOME;
# without one, says so in one line and returns 1. A JDK states its version in its file "release":
# reading that is a hundred times faster than starting it.
find_jdk() {
  jdk_rejected=''
  jdk_on_path=$(command -v java || true)
  if [ -n "$jdk_on_path" ]; then
    jdk_on_path=$(readlink -f "$jdk_on_path" || true)
    jdk_on_path=${jdk_on_path%/bin/java}
  fi
  for jdk in ${JAVA_HOME:+"$JAVA_HOME"} ${jdk_on_path:+"$jdk_on_path"} \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if jdk_suits "$jdk"; then
      export JAVA_HOME="$jdk"
      return 0
    fi
  done
  echo "container2boot needs a JDK 25 or newer, and found ${jdk_rejected:-none}; install one" \
    "(Debian 13, Ubuntu: apt-get install openjdk-25-jdk-headless; Fedora: dnf install" \
    "java-25-openjdk-devel; elsewhere: https://adoptium.net) or set JAVA_HOME" >&2
  return 1
}

jdk_suits() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  jdk_version=''
  while IFS='="' read -r jdk_key _ jdk_value _; do
    if [ "$jdk_key" = JAVA_VERSION ]; then jdk_version=${jdk_value%%[!0-9]*}; fi
  done <"$1/release"
  if [ "${jdk_version:-0}" -ge 25 ]; then return 0; fi
  jdk_rejected="only Java ${jdk_version:-of an unknown version} in $1"
  return 1
}

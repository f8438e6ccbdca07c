/// Real machines in the way of the program: each test builds an image from a real Debian 13 root,
/// switches a virtual PC on that enforces Secure Boot, and looks around in what has booted.
package io.github.container2boot.boots;

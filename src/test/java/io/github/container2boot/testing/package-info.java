/// What several tests share: the reference tools, and a machine that really boots.
package io.github.container2boot.testing;
